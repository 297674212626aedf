// The proxy that a machine's settings name for an address, as curl, pip and npm read them, and the way through it.
import { request as httpRequest } from "node:http";
import type { Socket } from "node:net";
import { connect as secure, type TLSSocket } from "node:tls";
import { Problem } from "./problem";

/**
 * The proxy for an address by HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, in small letters first; undefined where it is to be reached directly.
 * HTTP_PROXY in capitals counts too, since this is no web server to which a request's `Proxy` header could come.
 *
 * @throws Problem where a variable holds no http address
 */
export function proxyFor(url: URL, env: NodeJS.ProcessEnv = process.env): URL | undefined {
  const named = (name: string): string | undefined => env[name.toLowerCase()] ?? env[name];
  const text = named(url.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY") ?? named("ALL_PROXY");
  if (text === undefined || text === "" || isExempt(url, named("NO_PROXY") ?? "")) return undefined;
  const address = text.includes("://") ? text : `http://${text}`;
  const proxy = URL.canParse(address) ? new URL(address) : undefined;
  if (proxy?.protocol !== "http:") {
    throw new Problem(
      `The proxy for ${url.host} must be an address that begins with http://; got ${text}`,
      "Set HTTPS_PROXY and HTTP_PROXY to one, or name the host in NO_PROXY.",
    );
  }
  return proxy;
}

/** `*` exempts everything; a name itself and what lies below it, with a port only that one. */
function isExempt(url: URL, exempt: string): boolean {
  const port = url.port === "" ? (url.protocol === "https:" ? "443" : "80") : url.port;
  return exempt
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .some((entry) => {
      if (entry === "*") return true;
      const [, name, wanted] = /^\*?\.?(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(entry.toLowerCase()) ?? [];
      if (name === undefined || (wanted !== undefined && wanted !== port)) return false;
      return url.hostname === name || url.hostname.endsWith(`.${name}`);
    });
}

/** What a proxy is told of who asks. */
export function proxyHeaders(proxy: URL): Record<string, string> {
  if (proxy.username === "") return {};
  const name = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return { "proxy-authorization": `Basic ${Buffer.from(name).toString("base64")}` };
}

/** A connection through the proxy to an https address. @throws Problem where the proxy refuses; Error where the network fails */
export function tunnel(
  proxy: URL,
  to: URL,
  { stallMs, signal }: { readonly stallMs: number; readonly signal?: AbortSignal | undefined },
): Promise<TLSSocket> {
  // prettier-ignore
  const target = `${to.hostname}:${to.port === "" ? "443" : to.port}`;
  return new Promise((resolve, reject) => {
    const asked = httpRequest({
      method: "CONNECT",
      host: proxy.hostname,
      port: proxy.port === "" ? 80 : Number(proxy.port),
      path: target,
      headers: { host: target, ...proxyHeaders(proxy) },
      timeout: stallMs,
      agent: false,
      ...(signal && { signal }),
    });
    asked.once("connect", ({ statusCode }, socket: Socket) => {
      socket.setTimeout(0);
      if (statusCode === 200) resolve(secure({ socket, servername: to.hostname }));
      else {
        socket.destroy();
        const why =
          statusCode === 407 ? " It asks for a name and a password: http://name:password@host." : "";
        reject(
          new Problem(
            `The proxy ${proxy.host} refuses ${target} with status ${statusCode ?? 0}.${why}`,
            "Correct HTTPS_PROXY, or name the host in NO_PROXY.",
          ),
        );
      }
    });
    asked.once("timeout", () => asked.destroy(new Error(`the proxy ${proxy.host} does not answer`)));
    asked.once("error", reject).end();
  });
}
