// The wheel of TensorFlow from an index on this machine that cuts connections: what is there is not fetched again.
import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { giveBytes, serve, type Fault, type FaultServer } from "../data/fault-server";
import type { Run } from "./ground/processes.mjs";
import { fetchWheel, findOnIndex, indexOf } from "./wheel-file";

const wheel = randomBytes(300_000);
const sha256 = createHash("sha256").update(wheel).digest("hex");
const file = "big_thing-1.0-cp311-none-manylinux_2_27_x86_64.whl";
const pages = {
  "application/vnd.pypi.simple.v1+json": JSON.stringify({
    files: [
      { url: "../../files/other.whl", hashes: { sha256: "0".repeat(64) } },
      { url: `../../files/${file}`, hashes: { sha256 } },
    ],
  }),
  "text/html; charset=utf-8": `<!DOCTYPE html><title>big-thing</title>
    <a href="../../files/other.whl#sha256=${"0".repeat(64)}">other</a>
    <a data-requires-python="&gt;=3.10" href="../../files/${file}#sha256=${sha256}">${file}</a>`,
};

let folder: string;
let server: FaultServer;
/** What happens to each request for the file, in their order; the request for its size counts. */
let faults: Fault[];
let form: keyof typeof pages;
let password: string | undefined;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "residual-wheel-"));
  faults = [];
  form = "application/vnd.pypi.simple.v1+json";
  password = undefined;
  server = await serve((request, response) => {
    const isKnown = password === undefined || request.headers.authorization === `Basic ${Buffer.from(password).toString("base64")}`; // prettier-ignore
    if (!isKnown) response.writeHead(401).end();
    else if (request.url === "/simple/big-thing/")
      response.writeHead(200, { "content-type": form }).end(pages[form]); // prettier-ignore
    else if (request.url === `/files/${file}`)
      giveBytes(request, response, wheel, { etag: '"1"', ...faults.shift() }); // prettier-ignore
    else response.writeHead(404).end();
  });
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A pip of which only the settings are asked, and the index that it has without any. */
const pip =
  (settings: string, own?: string): Run =>
  (_python, args) => {
    if (own !== undefined && args[0] === "-c") return Promise.resolve({ status: 0, output: `${own}\n` });
    expect(args).toEqual(["-m", "pip", "config", "list"]);
    return Promise.resolve({ status: 0, output: settings });
  };
const fetched = (settings = `global.index-url='${server.url}simple'`, told: number[] = []): Promise<string> =>
  fetchWheel({ name: "big-thing", sha256, folder, python: "python", run: pip(settings), onBytes: (bytes) => told.push(bytes) }); // prettier-ignore
const ranges = (): (string | undefined)[] =>
  server.requests.filter(({ path }) => path.endsWith(".whl")).map(({ range }) => range);

describe("fetchWheel()", () => {
  test("goes on by itself where the connection broke", async () => {
    faults = [{}, { cutAfter: 100_000 }];
    expect(readFileSync(await fetched()).equals(wheel)).toBe(true);
    expect(ranges()).toEqual([undefined, undefined, "bytes=100000-"]);
  });

  test("goes on in the next setup where one that was killed had stopped", async () => {
    faults = [{}, { stallAfter: 120_000 }];
    const program = `
      const { fetchWheel } = require(${JSON.stringify(join(__dirname, "wheel-file.ts"))});
      const run = () => Promise.resolve({ status: 0, output: "global.index-url='${server.url}simple'" });
      fetchWheel({ name: "big-thing", sha256: "${sha256}", folder: ${JSON.stringify(folder)}, python: "", run, onBytes: () => {} });`;
    const setup = spawn(process.execPath, ["-r", join(__dirname, "..", "typescript.cjs"), "-e", program]);
    const partial = join(folder, `${file}.partial`);
    await expect
      .poll(() => statSync(partial, { throwIfNoEntry: false })?.size, { timeout: 60_000 })
      .toBe(120_000);
    setup.kill("SIGKILL");
    expect(readFileSync(await fetched()).equals(wheel)).toBe(true);
    expect(ranges()).toEqual([undefined, undefined, undefined, "bytes=120000-"]);
  });

  test("asks the mirror of pip's settings, with its name and password, and no other place", async () => {
    password = "ada:secret";
    const mirror = server.url.replace("http://", "http://ada:secret@");
    expect(readFileSync(await fetched(`global.index-url='https://elsewhere.invalid/simple'\n:env:.index-url='${mirror}simple/'`)).equals(wheel)).toBe(true); // prettier-ignore
    expect(server.requests.map(({ path }) => path)).toEqual(["/simple/big-thing/", `/files/${file}`, `/files/${file}`]); // prettier-ignore
  });
});

test("findOnIndex() reads both forms of an index, and names a file that is not listed", async () => {
  for (form of Object.keys(pages) as (keyof typeof pages)[])
    expect(await findOnIndex(`${server.url}simple`, "big-thing", sha256)).toEqual({ url: `${server.url}files/${file}`, bytes: wheel.length }); // prettier-ignore
  await expect(findOnIndex(`${server.url}simple`, "big-thing", "1".repeat(64))).rejects.toThrow(
    "lists no file",
  );
  await expect(findOnIndex(`${server.url}simple`, "small-thing", sha256)).rejects.toThrow("answers 404");
});

test("indexOf() is pip's own unless pip is told another, and leaves to pip what only pip can do", async () => {
  const own = "https://own.example/simple";
  expect(await indexOf("python", pip("", own))).toBe(own);
  expect(await indexOf("python", pip("install.index-url='https://a.example'", own))).toBe(own);
  await expect(indexOf("python", pip("", "Traceback"))).rejects.toThrow("does not tell its index");
  expect(await indexOf("python", pip("download.index-url='https://a.example'"))).toBe("https://a.example");
  for (const key of ["find-links", "no-index", "extra-index-url"])
    await expect(indexOf("python", pip(`:env:.${key}='x'`))).rejects.toThrow(key);
});
