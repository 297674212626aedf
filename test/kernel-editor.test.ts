// What a person gets while writing a cell: completion, explanations, answers to every request, and help with other tongues.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Notebook, type Output } from "./kernel-notebook";

const folder = mkdtempSync(join(tmpdir(), "residual-editor-"));
const notebook = new Notebook(folder);

beforeAll(async () => {
  writeFileSync(join(folder, "mod.ts"), "export const fromMod = 1;\n");
  mkdirSync(join(folder, "parts"));
  writeFileSync(join(folder, "parts", "deep-one.ts"), "export const deep = 1;\n");
  await notebook.command("start");
});

afterAll(async () => {
  await notebook.command("stop");
  rmSync(folder, { recursive: true });
});

const ask = async (method: string, args: unknown[], keywords = {}): Promise<Record<string, unknown>> =>
  (await notebook.command("ask", { method, args, keywords })) as Record<string, unknown>;

/** What a cell becomes when the first of its completions is taken; the cursor is at `|`. */
async function taken(cell: string): Promise<string> {
  const [before = "", after = ""] = cell.split("|");
  // Jupyter counts code points.
  const points = Array.from(before + after);
  const reply = await ask("complete", [before + after, Array.from(before).length]);
  const { matches, cursor_start, cursor_end } = reply as {
    matches: string[];
    cursor_start: number;
    cursor_end: number;
  };
  const [kept, rest] = [points.slice(0, cursor_start), points.slice(cursor_end)];
  return [...kept, matches[0] ?? "(none)", ...rest].join("");
}

describe("completion", () => {
  it("takes the place of a whole key, path or module name, with dashes, colons, points and spaces", async () => {
    await notebook.one(
      "const dash = { 'with-dash': 1, 'of two words': 2 }; type Mode = 'pre-activation' | 'original';",
    );
    const cases = [
      ["dash['with-|", "dash['with-dash"],
      ["dash['with-d|']", "dash['with-dash']"],
      ['dash["of two|"]', 'dash["of two words"]'],
      ["const mode: Mode = 'pre-|'", "const mode: Mode = 'pre-activation'"],
      ["import fs from 'node:f|", "import fs from 'node:fs"],
      ["import { fromMod } from './mo|'", "import { fromMod } from './mod'"],
      ["import { deep } from './parts/deep-|'", "import { deep } from './parts/deep-one'"],
      ["Math.flo|", "Math.floor"],
      ["const é = Math.flo|", "const é = Math.floor"],
      ["'😀'; Math.flo|or", "'😀'; Math.flooror"],
    ];
    const got: string[][] = [];
    for (const [cell] of cases) got.push([cell!, await taken(cell!)]);
    expect(got).toEqual(cases);
  });

  it("says of an imported name what it is", async () => {
    const code = "import { EventEmitter as Emitting, once as oncePassed } from 'node:events'; ";
    for (const [name, type] of [
      ["Emitting", "class"],
      ["oncePassed", "function"],
    ] as const) {
      const { metadata } = await ask("complete", [code + name.slice(0, -2)]);
      const [first] = (metadata as { _jupyter_types_experimental: object[] })._jupyter_types_experimental;
      expect(first).toMatchObject({ text: name, type });
    }
  });
});

describe("inspection", () => {
  const told = async (cell: string, level = 0): Promise<Record<string, string>> => {
    const reply = await ask("inspect", [cell.replace("|", ""), cell.indexOf("|"), level]);
    return reply["data"] as Record<string, string>;
  };

  it("between a call's parentheses tells of what is called, the innermost first", async () => {
    await notebook.one(
      "/** Doubles. @param a what */ function doubled(a: number, b = 'x') { return a + b.length }\nclass Layer { /** Makes one. */ constructor(readonly width: number) {} }",
    );
    for (const cell of [
      "doubled(1, |",
      "doubled(1|",
      "doubled(|",
      "doubled(1, |)",
      "doubled( |1)",
      "Math.max(doubled(1, |",
      "[doubled(1, 'text|')]",
    ])
      expect((await told(cell))["text/plain"], cell).toMatch(
        /function doubled\(a: number, b\?: string\): number[^]*Doubles\./,
      );
    expect((await told("Math.max(1, |"))["text/plain"]).toMatch(/max\(\.\.\.values: number\[\]\)/);
    expect((await told("Math.max(doubled(1), |"))["text/plain"]).toMatch(/max\(/);
    expect((await told("new Layer(|"))["text/plain"]).toMatch(/Layer/);
    expect(await told("doubled(1);  |")).toEqual({});
  });

  it("is Markdown too, and with detail_level 1 shows the declaration", async () => {
    writeFileSync(
      join(folder, "shown.ts"),
      "/** Adds. @returns the sum */\nexport function sum(a: number, b: number): number {\n  return a + b;\n}\n",
    );
    const cell = "import { sum } from './shown'; su|m(1, 2)";
    expect((await told(cell))["text/markdown"]).toBe(
      "```typescript\nfunction sum(a: number, b: number): number\n```\n\nAdds.\n\n- *@returns* the sum",
    );
    expect((await told(cell, 1))["text/plain"]).toContain("return a + b;");
    expect((await told(cell, 0))["text/plain"]).not.toContain("return a + b;");
  });
});

describe("requests", () => {
  it("of an editor are answered while a cell waits, which stays what the kernel is busy with", async () => {
    const requests: [type: string, content: object][] = [
      ["complete_request", { code: "Math.flo", cursor_pos: 8 }],
      ["inspect_request", { code: "Math.floor", cursor_pos: 7, detail_level: 0 }],
      ["is_complete_request", { code: "for (" }],
      ["comm_info_request", {}],
    ];
    const cell = "console.log('waits'); await new Promise((done) => setTimeout(done, 1500)); 'done'";
    const { replies, states } = (await notebook.command("beside", { cell, requests })) as {
      replies: Output[];
      states: [own: boolean, state: string][];
    };
    expect(replies.map(({ type }) => type)).toEqual([
      ...requests.map(([type]) => type.replace("_request", "_reply")),
      "execute_reply",
    ]);
    expect(replies[0]!.content["matches"]).toContain("floor");
    // After each of the others' "idle" the cell is said to be busy again; its own "idle" comes last, and once.
    states.forEach(([isOwn, state], i) => {
      if (!isOwn && state === "idle") expect(states[i + 1]).toEqual([true, "busy"]);
    });
    expect(states.filter(([isOwn, state]) => isOwn && state === "idle")).toHaveLength(1);
  });

  it.each([
    ["control", "debug_request", /no debugger/],
    ["control", "create_subshell_request", /no subshells/],
    ["control", "list_subshell_request", /no subshells/],
    ["control", "delete_subshell_request", /no subshells/],
    ["shell", "debug_request", /no debugger/],
    ["shell", "wishful_request", /no such request/],
  ])("that are not there get an error: %s %s", async (channel, type, reason) => {
    const reply = (await notebook.command("request", { channel, type })) as Output;
    expect(reply.type).toBe(type.replace("_request", "_reply"));
    expect(reply.content).toMatchObject({ status: "error", evalue: expect.stringMatching(reason) as string });
  });

  it("comm_info_request: there are no comms", async () => {
    const reply = (await notebook.command("request", {
      channel: "shell",
      type: "comm_info_request",
    })) as Output;
    expect(reply.content).toEqual({ status: "ok", comms: {} });
  });
});

describe("a cell in another tongue", () => {
  it.each([
    ["%time compute()", 'console.time("cell")'],
    ["%%time\nconst a = 1;", 'console.time("cell")'],
    ["%matplotlib inline", "is shown"],
    ["%pip install left-pad", 'Write install("left-pad").'],
    ["!pip install numpy", 'execSync("pip install numpy"'],
    ["%cd ..", 'process.chdir("..")'],
    ["%load_ext tensorboard", "magic of IPython"],
    ["!npm install left-pad", 'Write install("left-pad").'],
    ["!npm i -D left-pad @types/left-pad", 'Write install("left-pad", "@types/left-pad").'],
    ["const a = 1;\n!ls -l", 'execSync("ls -l"'],
    ["!ls", 'execSync("ls"'],
    ["?Math.max", "press Shift+Tab"],
    ["Math.max?", "press Shift+Tab"],
    ["Math.max??", "press Shift+Tab"],
    ["const name = prompt('Name?')", 'await input("Name? ")'],
  ])("is told what to write: %j", async (cell, wanted) => {
    const { reply } = await notebook.one(cell);
    expect(reply["ename"]).toBe("TypeScriptError");
    expect(reply["evalue"]).toContain(wanted);
    expect(String(reply["evalue"]).split("\n")).toHaveLength(1);
  });

  it("is not suspected where a cell is TypeScript", async () => {
    const { reply } = await notebook.one("const flag = false;\n!flag\nconst rest = 7\n%2\nrest");
    expect(reply["status"]).toBe("ok");
  });
});
