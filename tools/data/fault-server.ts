// A web server on this machine for tests: serves bytes as a good server does, with the faults that a test asks for.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";

/** Answers one request; `count` is how many came before it. */
export type Answer = (request: IncomingMessage, response: ServerResponse, count: number) => void;

/** A running server and what it was asked. */
export interface FaultServer {
  /** With a closing slash. */
  readonly url: string;
  /** Method, path and Range of each request. */
  readonly requests: readonly { readonly path: string; readonly range?: string; readonly ifRange?: string }[];
  close(): Promise<void>;
}

/** Serves on a free port of 127.0.0.1. */
export async function serve(answer: Answer): Promise<FaultServer> {
  const requests: { path: string; range?: string; ifRange?: string }[] = [];
  const server = createServer((request, response) => {
    const { range, "if-range": ifRange } = request.headers;
    requests.push({
      path: request.url ?? "",
      ...(range !== undefined && { range }),
      ...(typeof ifRange === "string" && { ifRange }),
    });
    answer(request, response, requests.length - 1);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** What to do to an answer of bytes. */
export interface Fault {
  readonly etag?: string;
  /** Cut the connection after so many bytes of this answer. */
  readonly cutAfter?: number;
  /** Send nothing more after so many bytes of this answer, and keep the connection. */
  readonly stallAfter?: number;
  /** Answer with the whole file, whatever range is asked for. */
  readonly ignoreRange?: boolean;
  /** Headers put over the right ones. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers as a good server does: ranges, `If-Range`, length and ETag; then the fault. */
export function giveBytes(
  request: IncomingMessage,
  response: ServerResponse,
  bytes: Buffer,
  { etag = '"one"', cutAfter, stallAfter, ignoreRange = false, headers = {} }: Fault = {},
): void {
  const asked = /^bytes=(\d+)-$/.exec(request.headers.range ?? "");
  const current = request.headers["if-range"] === etag;
  const from = asked && current && !ignoreRange ? Number(asked[1]) : 0;
  const body = bytes.subarray(from);
  response.writeHead(from > 0 ? 206 : 200, {
    etag,
    "content-length": String(body.length),
    ...(from > 0 && { "content-range": `bytes ${from}-${bytes.length - 1}/${bytes.length}` }),
    ...headers,
  });
  const stop = cutAfter ?? stallAfter;
  if (stop === undefined) {
    response.end(body);
    return;
  }
  response.write(body.subarray(0, stop), () => {
    if (cutAfter !== undefined) void cut(response);
  });
}

/** Ends the connection once the bytes have left and were taken: several turns, because on a busy machine one is no more than a late timer. */
async function cut(response: ServerResponse): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await wait(10);
  response.destroy();
}
