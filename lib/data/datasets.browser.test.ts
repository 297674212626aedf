// The browser's half, against a real web server: Node has the same fetch and the same streams.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { datasetRoots, readIfThere, unpackGzip } from "./datasets.browser.js";

const server = createServer((request, response) => {
  if (request.url === "/there") response.end(Uint8Array.of(1, 2, 3));
  else response.writeHead(request.url === "/broken" ? 500 : 404).end("no");
});
let address: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
});

test("datasetRoots() is the address given, or datasets beside the page", () => {
  expect(datasetRoots()).toEqual(["datasets"]);
  expect(datasetRoots("https://example.org/data")).toEqual(["https://example.org/data"]);
});

test("readIfThere() reads, knows what is absent, and reports any other answer", async () => {
  expect(await readIfThere(`${address}/there`)).toEqual(Uint8Array.of(1, 2, 3));
  expect(await readIfThere(`${address}/absent`)).toBeUndefined();
  await expect(readIfThere(`${address}/broken`)).rejects.toThrow("/broken: the server answers 500");
});

test("unpackGzip() unpacks up to its limit, and refuses more and damage", async () => {
  const bytes = Uint8Array.from({ length: 300_000 }, (_, i) => (i * i) % 251);
  const packed = gzipSync(bytes);
  expect(Buffer.from(await unpackGzip(packed, bytes.length)).equals(bytes)).toBe(true);
  await expect(unpackGzip(packed, bytes.length - 1)).rejects.toThrow("unpacks to more than 299999 bytes");
  await expect(unpackGzip(packed.subarray(0, 100), bytes.length)).rejects.toThrow();
});
