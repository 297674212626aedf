// Serves a folder on loopback, below any path and compressed, as GitHub Pages serves a project's site.
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { extname, join, normalize } from "node:path";
import { createGzip } from "node:zlib";

const types: Readonly<Record<string, string>> = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".json": "application/json",
  ".md": "text/markdown; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
};

/** Serves until the server is closed; gives its address, which ends with the base path. Port 0 takes any free one. */
export async function serveFolder(
  folder: string,
  base: string,
  port = 0,
): Promise<{ server: Server; address: string }> {
  const server = createServer(({ url = "/" }, response) => {
    const path = decodeURIComponent(new URL(url, "http://localhost").pathname);
    const inside = path.startsWith(base) ? normalize(`/${path.slice(base.length)}`) : undefined;
    const file = join(folder, inside?.endsWith("/") ? `${inside}index.html` : (inside ?? ""));
    if (inside === undefined || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end("no such page");
      return;
    }
    response.writeHead(200, {
      "content-type": types[extname(file)] ?? "application/octet-stream",
      "content-encoding": "gzip",
    });
    createReadStream(file).pipe(createGzip()).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const bound = server.address();
  if (bound === null || typeof bound === "string") throw new Error("the server must listen on a port");
  return { server, address: `http://127.0.0.1:${bound.port}${base}` };
}
