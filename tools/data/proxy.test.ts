// Downloads behind a proxy: a real one on this machine, which writes down what it is asked for.
import { createServer, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { connect, type AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { get } from "./http";
import { proxyFor } from "./proxy";

describe("proxyFor()", () => {
  const proxy = "http://proxy.example:3128";
  test.each([
    ["https://files.example/a", { HTTPS_PROXY: proxy }, "proxy.example:3128"],
    ["https://files.example/a", { https_proxy: "proxy.example:3128" }, "proxy.example:3128"],
    ["http://files.example/a", { HTTPS_PROXY: proxy }, undefined],
    ["http://files.example/a", { http_proxy: proxy }, "proxy.example:3128"],
    ["http://files.example/a", { ALL_PROXY: proxy }, "proxy.example:3128"],
    ["https://files.example/a", { HTTPS_PROXY: proxy, https_proxy: "" }, undefined],
    ["https://files.example/a", { HTTPS_PROXY: proxy, NO_PROXY: "localhost, .example" }, undefined],
    ["https://files.example/a", { HTTPS_PROXY: proxy, NO_PROXY: "example" }, undefined],
    ["https://files.example/a", { HTTPS_PROXY: proxy, NO_PROXY: "*" }, undefined],
    ["https://files.example/a", { HTTPS_PROXY: proxy, no_proxy: "files.example:443" }, undefined],
    ["https://files.example/a", { HTTPS_PROXY: proxy, no_proxy: "files.example:8443" }, "proxy.example:3128"],
    ["https://otherfiles.example/a", { HTTPS_PROXY: proxy, NO_PROXY: "files.example" }, "proxy.example:3128"],
    ["https://files.example/a", {}, undefined],
  ])("%s with %o goes by %s", (address, env, expected) => {
    expect(proxyFor(new URL(address), env)?.host).toBe(expected);
  });

  test("proxyFor() names a variable's value that is no address", () => {
    expect(() => proxyFor(new URL("https://a.example"), { HTTPS_PROXY: "socks5://b" })).toThrow(
      "got socks5://b",
    );
  });
});

describe("get() behind a proxy", () => {
  const asked: string[] = [];
  let password: string | undefined;
  const servers: Server[] = [];
  // What became a tunnel is no connection of the server's any more.
  const sockets: Duplex[] = [];
  const listening = async (server: Server): Promise<number> => {
    servers.push(server);
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    return (server.address() as AddressInfo).port;
  };
  let proxyPort: number;

  beforeEach(async () => {
    asked.length = 0;
    password = undefined;
    const isAllowed = (header: string | undefined): boolean =>
      password === undefined || header === `Basic ${Buffer.from(password).toString("base64")}`;
    const proxy = createServer((request, response) => {
      asked.push(request.url!);
      response.end(isAllowed(request.headers["proxy-authorization"]) ? `for ${request.headers.host!}` : "no");
    });
    proxy.on("connect", (request, socket) => {
      asked.push(`CONNECT ${request.url!}`);
      if (!isAllowed(request.headers["proxy-authorization"])) {
        socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
        return;
      }
      sockets.push(socket);
      const target = connect(Number(request.url!.split(":")[1]), "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        target.pipe(socket).pipe(target);
      });
    });
    proxyPort = await listening(proxy);
    for (const name of ["HTTP_PROXY", "HTTPS_PROXY"]) vi.stubEnv(name, `http://127.0.0.1:${proxyPort}`);
    for (const name of ["http_proxy", "https_proxy", "NO_PROXY", "no_proxy"]) vi.stubEnv(name, undefined);
    // The https server's certificate is its own.
    vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    for (const socket of sockets.splice(0)) socket.destroy();
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    }
  });

  const fetched = async (address: string): Promise<string> => text(await get(address, { stallMs: 10_000 }));

  test("an http address is asked of the proxy, whole", async () => {
    expect(await fetched("http://files.invalid/a.gz")).toBe("for files.invalid");
    expect(asked).toEqual(["http://files.invalid/a.gz"]);
  });

  test("an https address is reached through it, and the proxy sees no more than the host", async () => {
    const port = await listening(
      createSecureServer({ key, cert }, (request, response) => response.end(`secret ${request.url!}`)),
    );
    expect(await fetched(`https://localhost:${port}/a.gz`)).toBe("secret /a.gz");
    expect(asked).toEqual([`CONNECT localhost:${port}`]);
  });

  test("the proxy is told the name and password of its address, and a refusal says what is missing", async () => {
    password = "ada:päss";
    await expect(fetched("https://files.invalid/a")).rejects.toThrow(
      /refuses files.invalid:443 with status 407.*name and a password/,
    );
    vi.stubEnv("HTTP_PROXY", `http://ada:p%C3%A4ss@127.0.0.1:${proxyPort}`);
    expect(await fetched("http://files.invalid/a")).toBe("for files.invalid");
  });

  test("what NO_PROXY names is reached directly", async () => {
    vi.stubEnv("NO_PROXY", "127.0.0.1");
    const port = await listening(createServer((_request, response) => response.end("direct")));
    expect(await fetched(`http://127.0.0.1:${port}/`)).toBe("direct");
    expect(asked).toEqual([]);
  });
});

// Made for this test by openssl, for the name localhost; nothing else trusts it.
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgJ4f61r+JZ9uAUDoG
1QhLbkk+/NKX0hQYft+SDj45xHehRANCAATCJ7YhTL3RlyPqUwhTcTeYETWrfzjh
Y5ijdu3d9XH659BccOSnl25MQPn2ct6bFByTpzqNdW9UUWcwLEer6U5H
-----END PRIVATE KEY-----
`;
const cert = `-----BEGIN CERTIFICATE-----
MIIBljCCATugAwIBAgIUQuSSrmzsamWDqRQAv+zRbdi6KsYwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEzMDE4MDEyMloYDzIxMjYxMTA2
MTgwMTIyWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAATCJ7YhTL3RlyPqUwhTcTeYETWrfzjhY5ijdu3d9XH659BccOSnl25M
QPn2ct6bFByTpzqNdW9UUWcwLEer6U5Ho2kwZzAdBgNVHQ4EFgQUrAmv5y6UfJuY
uD4yZqyQQDj95b8wHwYDVR0jBBgwFoAUrAmv5y6UfJuYuD4yZqyQQDj95b8wDwYD
VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwID
SQAwRgIhAM4Rl68k7gVb2SUPpzaryxfFloq7SY49H15AGVckKyyLAiEAh+R+2c89
+bRAOVju6jPGdULUSIEKkCmDz+qqXcrB3PU=
-----END CERTIFICATE-----
`;
