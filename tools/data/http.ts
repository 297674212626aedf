// One GET over http or https: bounded redirects, no silent decoding, and an end to connections that stall.
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { Problem } from "./problem";
import { proxyFor, proxyHeaders, tunnel } from "./proxy";

/** How a request is made. */
export interface GetOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds without a byte after which the connection is given up. */
  readonly stallMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** A connection that was given up because nothing came. */
export class Stalled extends Error {}

const maxRedirects = 5;

/**
 * Gets an address, following redirects: at most five, and none from https to http.
 *
 * The body comes as the server sent it: nothing is asked for in a compressed form, and nothing is decoded. Reading it
 * throws `Stalled` after `stallMs` without a byte.
 *
 * @throws Problem where an address or a redirect is not allowed; Error where the network fails.
 */
export async function get(address: string, options: GetOptions): Promise<IncomingMessage> {
  let url = parse(address);
  for (let redirects = 0; ; redirects++) {
    const response = await once(url, options);
    const { statusCode = 0, headers } = response;
    if (![301, 302, 303, 307, 308].includes(statusCode)) return response;
    response.destroy();
    if (headers.location === undefined)
      throw new Problem(`${url.href} redirects (${statusCode}) without saying where to.`, otherWays);
    if (redirects === maxRedirects)
      throw new Problem(`${address} redirects more than ${maxRedirects} times.`, otherWays);
    url = redirected(url, headers.location);
  }
}

/**
 * Where a redirect leads; `location` may be relative.
 * @throws Problem where it leads from https to http, or to neither.
 */
export function redirected(from: URL, location: string): URL {
  const next = parse(URL.canParse(location, from.href) ? new URL(location, from).href : location);
  if (from.protocol === "https:" && next.protocol === "http:")
    throw new Problem(`${from.href} redirects from https to http: ${next.href}`, otherWays);
  return next;
}

/** What helps when a server does not. */
export const otherWays =
  "Try another place with --mirror URL, or get the file by other means and name it with --from-file FILE.";

function parse(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol !== "http:" && url?.protocol !== "https:")
    throw new Problem(`An address must begin with http:// or https://; got ${address}`, otherWays);
  return url;
}

async function once(url: URL, { headers, stallMs, signal }: GetOptions): Promise<IncomingMessage> {
  const isSecure = url.protocol === "https:";
  const request = isSecure ? httpsRequest : httpRequest;
  const proxy = proxyFor(url);
  const socket = proxy && isSecure ? await tunnel(proxy, url, { stallMs, signal }) : undefined;
  return new Promise((resolve, reject) => {
    const outgoing = request(proxy && !isSecure ? proxy : url, {
      headers: {
        "user-agent": "residual-course",
        "accept-encoding": "identity",
        // A proxy is asked for the whole address.
        ...(proxy && !isSecure && { host: url.host, ...proxyHeaders(proxy) }),
        ...headers,
      },
      ...(proxy && !isSecure && { path: url.href }),
      ...(socket && { createConnection: () => socket }),
      timeout: stallMs,
      agent: false,
      ...(signal && { signal }),
    });
    // The socket's idle timer runs on while the body is read: then it is the body that must end with the error.
    let response: IncomingMessage | undefined;
    outgoing.on("timeout", () =>
      (response ?? outgoing).destroy(new Stalled(`no byte for ${stallMs / 1000} s`)),
    );
    outgoing.on("response", (incoming) => {
      response = incoming;
      resolve(incoming);
    });
    outgoing.on("error", reject);
    outgoing.end();
  });
}
