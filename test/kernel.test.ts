// Drives the real kernel through Jupyter's own client: what a notebook, nbclient and a person at JupyterLab rely on.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isRunning, Notebook, ofType, root, shown, written } from "./kernel-notebook";

describe("the kernel, in a folder outside of the repository", () => {
  const folder = mkdtempSync(join(tmpdir(), "residual-kernel-"));
  const notebook = new Notebook(folder);

  beforeAll(async () => {
    await notebook.command("start");
  });

  afterAll(async () => {
    expect(await notebook.command("stop")).toEqual({ alive: false });
    rmSync(folder, { recursive: true });
  });

  it("kernel_info says the true versions", async () => {
    const info = (await notebook.command("ask", { method: "kernel_info" })) as Record<string, unknown>;
    expect(info).toMatchObject({ status: "ok", language_info: { name: "typescript", version: "6.0.3" } });
    expect(info["banner"]).toBe(`TypeScript 6.0.3 on Node ${process.version}`);
  });

  it("shows the last expression as execute_result, after execute_input", async () => {
    const result = await notebook.one("const x: number = 20; x + 1");
    expect(result.outputs.map(({ type }) => type)).toEqual(["execute_input", "execute_result"]);
    expect(shown(result)).toBe("21");
  });

  it("keeps variables and types for later cells, which may declare a name again", async () => {
    const [, second, third] = await notebook.run(
      "interface Point { x: number }\nlet point: Point = { x: 1 };",
      "const moved: Point = { x: point.x + 1 }; moved",
      'const point = "again"; point.toUpperCase()',
    );
    expect(shown(second!)).toBe("{ x: 2 }");
    expect(shown(third!)).toBe("AGAIN");
  });

  it("sends a thrown error with the cell's own line, in the message and in the reply", async () => {
    const result = await notebook.one(
      "interface Erased { a: 1 }\nfunction f(): never {\n  throw new RangeError('bad');\n}\nf();",
    );
    const [error] = ofType(result, "error");
    expect(error?.content).toMatchObject({ ename: "RangeError", evalue: "bad" });
    expect(result.reply).toMatchObject({ status: "error", ...error?.content });
    const traceback = (error?.content["traceback"] as string[]).join("\n");
    expect(traceback).toMatch(/at f \(cell\[\d+\]:3:9\)/);
    expect(traceback).not.toMatch(/tslab|node:|kernel\/dist/);
  });

  it("lists all type errors of a cell in one error, before anything runs", async () => {
    const result = await notebook.one('console.log("ran");\nlet a: number = "one";\nlet b: string = 2;');
    const [error, ...more] = ofType(result, "error");
    expect(more).toEqual([]);
    expect(error?.content["ename"]).toBe("TypeScriptError");
    expect(error?.content["evalue"]).toBe(
      "cell:2:5 - TS2322: Type 'string' is not assignable to type 'number'.\n" +
        "cell:3:5 - TS2322: Type 'number' is not assignable to type 'string'.",
    );
    expect((error?.content["traceback"] as string[]).join("\n")).toContain('let a: number = "one";');
    expect(written(result, "stdout")).toBe("");
  });

  it("aborts the cells queued behind a failure, and runs what is sent after its reply", async () => {
    const [failed, second, third] = await notebook.run('throw new Error("first")', "1", "2");
    expect(failed!.reply["status"]).toBe("error");
    // No number: a page would show one as if the cell had run.
    expect([second!.reply, third!.reply]).toEqual([{ status: "aborted" }, { status: "aborted" }]);
    expect(second!.outputs).toEqual([]);
    expect(shown(await notebook.one("3"))).toBe("3");
  });

  it("sends console.log to stdout and console.warn and console.error to stderr, in order", async () => {
    const result = await notebook.one(
      'console.log("a"); console.warn("b"); console.log("c"); console.error("d");',
    );
    expect(ofType(result, "stream").map(({ content }) => content)).toEqual([
      { name: "stdout", text: "a\n" },
      { name: "stderr", text: "b\n" },
      { name: "stdout", text: "c\n" },
      { name: "stderr", text: "d\n" },
    ]);
  });

  it("loses no line of a flood", async () => {
    const count = 20_000;
    const result = await notebook.one(`for (let i = 0; i < ${String(count)}; i++) console.log(i);`);
    const lines = Array.from({ length: count }, (_, i) => String(i));
    expect(written(result, "stdout").split("\n")).toEqual([...lines, ""]);
  });

  it("lets output out while a cell computes, whether it yields or not", async () => {
    const busy = "for (const end = Date.now() + 400; Date.now() < end; );";
    const yields = await notebook.one(
      `for (let i = 0; i < 3; i++) { console.log(i); await new Promise((resolve) => setImmediate(resolve)); ${busy} }`,
    );
    const never = await notebook.one(`for (let i = 0; i < 4; i++) { console.log(i); ${busy} }`);
    for (const result of [yields, never]) {
      // Were the output held back until the cell's end, it would come all at once; a slow machine only widens the distance.
      const streams = ofType(result, "stream");
      expect(streams.length).toBeGreaterThan(1);
      expect(streams.at(-1)!.at - streams[0]!.at).toBeGreaterThan(0.3);
    }
  });

  it("imports residual with its types, and tslab", async () => {
    const result = await notebook.one(
      'import { plot } from "residual";\nimport * as tslab from "tslab";\nconst bundle: plot.MimeBundle = { "text/plain": "a" };\ntypeof tslab.display.html + bundle["text/plain"]',
    );
    expect(shown(result)).toBe("functiona");
    const wrong = await notebook.one('import { plot } from "residual"; plot.nothing;');
    expect(wrong.reply["ename"]).toBe("TypeScriptError");
  });

  it("sends one bundle through the display hook, binary values in base64, and updates it", async () => {
    const result = await notebook.one(
      'import { plot } from "residual";\n' +
        'plot.display({ "text/plain": "one", "image/png": new Uint8Array([1, 2, 3]) }, { displayId: "live", transient: true });\n' +
        'plot.display({ "text/plain": "two" }, { displayId: "live", update: true });',
    );
    expect(result.outputs.slice(1).map(({ type, content }) => ({ type, content }))).toEqual([
      {
        type: "display_data",
        content: {
          data: { "text/plain": "one", "image/png": "AQID" },
          metadata: { residual: { transient: true } },
          transient: { display_id: "live" },
        },
      },
      {
        type: "update_display_data",
        content: { data: { "text/plain": "two" }, metadata: {}, transient: { display_id: "live" } },
      },
    ]);
  });

  it("shows a figure that is the last expression", async () => {
    const result = await notebook.one(
      'import { plot } from "residual";\nplot.lines([{ name: "a", y: [1, 2] }], { title: "T", x: { title: "x" }, y: { title: "y" } })',
    );
    const data = ofType(result, "execute_result")[0]?.content["data"] as Record<string, unknown>;
    expect(Object.keys(data).sort()).toEqual(["application/vnd.plotly.v1+json", "text/plain"]);
    expect(data["text/plain"]).toBe("Figure: T\nx: x; y: y\na: 2 points, last 2 at 2");
  });

  it("stops a loop that never yields, and a wait without end, and stays usable", async () => {
    for (const cell of ["while (true) {}", "await new Promise(() => {});"]) {
      const result = await notebook.one(cell, { interrupt_after: 0.5, timeout: 20 });
      expect(result.reply).toMatchObject({ status: "error", ename: "KeyboardInterrupt" });
    }
    expect(shown(await notebook.one("x"))).toBe("20");
  });

  it("tells the library of an interrupt through the signal", async () => {
    await notebook.one("const seen: string[] = [];");
    await notebook.one(
      'const signal = (globalThis as any)[Symbol.for("residual.signal")] as AbortSignal;\n' +
        'signal.addEventListener("abort", () => seen.push(signal.reason.name));\n' +
        'console.log("listening"); await new Promise(() => {});',
      { interrupt_on: "listening", timeout: 20 },
    );
    expect(shown(await notebook.one("seen"))).toBe("[ 'AbortError' ]");
  });

  it("drops what is not signed or no message, and answers the next request", async () => {
    await notebook.command("send_raw", { frames: ["garbage"] });
    await notebook.command("send_raw", { frames: ["<IDS|MSG>", "0".repeat(64), "{}", "{}", "{}", "{}"] });
    expect(shown(await notebook.one("4"))).toBe("4");
  });

  it("answers completion, inspection, completeness and history", async () => {
    const ask = (method: string, args: unknown[]): Promise<unknown> =>
      notebook.command("ask", { method, args });
    expect(await ask("complete", ["Math.flo"])).toMatchObject({
      matches: ["floor"],
      cursor_start: 5,
      cursor_end: 8,
    });
    expect(await ask("inspect", ["Math.floor", 7])).toMatchObject({ status: "ok", found: true });
    expect(await ask("is_complete", ["for (const a of b) {"])).toEqual({
      status: "incomplete",
      indent: "  ",
    });
    for (const open of ["`a", "f(`${1} b\n", "/* c", "const a =", "f("])
      expect(await ask("is_complete", [open])).toMatchObject({ status: "incomplete" });
    expect(await ask("is_complete", ["`a ${`b`}`"])).toEqual({ status: "complete" });
    expect(await ask("is_complete", ["1 + 1"])).toEqual({ status: "complete" });
    expect(await ask("is_complete", ["const = ;"])).toEqual({ status: "invalid" });
    await notebook.one("'remember'");
    const tail = { raw: true, output: false, hist_access_type: "tail", n: 1 };
    const reply = (await notebook.command("ask", { method: "history", keywords: tail })) as {
      history: unknown[][];
    };
    expect(reply.history.map((entry) => entry[2])).toEqual(["'remember'"]);
  });

  it("restarts without the old variables", async () => {
    await notebook.command("restart");
    const result = await notebook.one("x");
    expect(result.reply["evalue"]).toBe("cell:1:1 - TS2304: Cannot find name 'x'.");
    expect(result.reply["execution_count"]).toBe(1);
  });
});

describe("the kernel whose parent dies", () => {
  it.concurrent.each(["", "setTimeout(() => { while (true) {} }, 100);"])(
    "ends itself, while it runs %j",
    async (cell) => {
      const notebook = new Notebook(root);
      const { pid } = (await notebook.command("start")) as { pid: number };
      await notebook.one(cell);
      notebook.abandon();
      for (let i = 0; i < 100 && isRunning(pid); i++) await sleep(100);
      expect(isRunning(pid)).toBe(false);
    },
  );
});
