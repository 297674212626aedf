// The command's answers and exit codes, and Ctrl-C on the real process.
import { spawn } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { explain, runCommand } from "./command";
import { serve } from "./fault-server";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "residual-command-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** Runs the command in the temporary folder; gives its code and what it printed. */
async function run(...args: readonly string[]): Promise<{ code: number; printed: string }> {
  let printed = "";
  const code = await runCommand(args, {
    datasets: join(folder, "datasets"),
    from: folder,
    screen: { write: (text) => (printed += text) },
    signal: new AbortController().signal,
  });
  return { code, printed };
}

describe("runCommand()", () => {
  test("runCommand() --help names every option, --list every data set", async () => {
    const { code, printed } = await run("--help");
    expect(code).toBe(0);
    for (const word of ["cifar-10", "--mirror URL", "--from-file PATH", "--to FOLDER", "--list"])
      expect(printed).toContain(word);
    expect((await run("--list")).printed).toBe(
      "fashion-mnist   30.9 MB   not here\ncifar-10       170.1 MB   not here\ncifar-100      168.5 MB   not here\nresnet-18       46.8 MB   not here\n",
    );
  });

  test.each([
    [["mnist"], "NAME must be one of fashion-mnist, cifar-10, cifar-100, resnet-18; got mnist"],
    [["toString"], "got toString"],
    [[], "got nothing"],
    [["cifar-10", "cifar-100"], "got cifar-10 cifar-100"],
    [
      ["cifar-10", "--mirror", "http://127.0.0.1:9", "--from-file", "x"],
      "--mirror and --from-file exclude each other",
    ],
    [
      ["cifar-10", "--mirror", "ftp://127.0.0.1"],
      "must begin with http:// or https://; got ftp://127.0.0.1/",
    ],
    [["cifar-10", "--from-file", "missing"], "--from-file must name a file or a folder that is there; got"],
    [["--fast"], "Unknown option '--fast'"],
  ])("runCommand(%j) fails with its reason and a remedy", async (args, reason) => {
    const error: unknown = await run(...args).catch((thrown: unknown) => thrown);
    const [first, second, ...more] = explain(error).split("\n");
    expect(first).toContain(reason);
    expect(second).toMatch(/\w/);
    expect(more).toEqual([]);
  });
});

test("npm run data: Ctrl-C keeps what is there and says so; the next run goes on from it", async () => {
  const server = await serve((request, response) => {
    // A first piece, then silence. Of the next run only the range is looked at.
    const first = request.headers.range === undefined;
    response.writeHead(first ? 200 : 404, { etag: '"one"', ...(first && { "content-length": "170052171" }) });
    if (first) response.write(Buffer.alloc(1_000_000));
    else response.end();
  });
  const args = ["cifar-10", "--mirror", server.url, "--to", "data"];
  try {
    const child = spawn(
      process.execPath,
      ["-r", "./tools/typescript.cjs", join(__dirname, "main.ts"), ...args],
      { cwd: join(__dirname, "..", ".."), env: { ...process.env, INIT_CWD: folder } },
    );
    let printed = "";
    child.stdout.on("data", (piece: Buffer) => {
      const before = printed;
      printed += piece.toString();
      if (!before.includes("of 170.1 MB") && printed.includes("of 170.1 MB")) child.kill("SIGINT");
    });
    child.stderr.on("data", (piece: Buffer) => (printed += piece.toString()));
    const code = await new Promise((resolve) => child.on("close", resolve));
    expect(printed).toContain("\nStopped. Run the same command again to go on from here.\n");
    expect(code).toBe(130);
    const kept = await readdir(join(folder, "data", "cifar-10", "download"));
    expect(kept.sort()).toEqual(["cifar-10-binary.tar.gz.partial", "cifar-10-binary.tar.gz.partial.json"]);
    await expect(run(...args)).rejects.toThrow("404");
    expect(server.requests[1]?.range).toMatch(/^bytes=[1-9]\d*-$/);
  } finally {
    await server.close();
  }
});
