// Jupyter's messages through real sockets: every kind, wrong ones too, and many of them.
import { tmpdir } from "node:os";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isRunning, Notebook, ofType, shown, type Output, type Result } from "./kernel-notebook";

/** `KERNEL_TESTS=full` runs the long counts. */
const isFull = process.env["KERNEL_TESTS"] === "full";
/** For each start, how often that kernel is restarted then. */
const counts = isFull ? [20, ...Array.from({ length: 199 }, () => 0)] : [2, 0];
/** What the long counts may take at most, in milliseconds. */
const hangLimit = 40 * 60_000;

const notebook = new Notebook(tmpdir());
const ask = async (
  method: string,
  args: unknown[] = [],
  keywords: Record<string, unknown> = {},
): Promise<Record<string, unknown>> =>
  (await notebook.command("ask", { method, args, keywords })) as Record<string, unknown>;
const send = async (channel: string, type: string, more: Record<string, unknown> = {}): Promise<Output[]> =>
  (await notebook.command("send", { channel, type, ...more })) as Output[];

beforeAll(async () => {
  await notebook.command("start");
});

afterAll(async () => {
  await notebook.command("stop");
});

describe("execute_request", () => {
  it("silent: nothing is published, counted or remembered", async () => {
    const before = await notebook.one("'counted'");
    const silent = await notebook.one("1 + 1", { options: { silent: true } });
    expect(silent.outputs).toEqual([]);
    const after = await notebook.one("'counted'");
    expect(Number(after.reply["execution_count"])).toBe(Number(before.reply["execution_count"]) + 1);
  });

  it("store_history: false shows but is not counted", async () => {
    const result = await notebook.one("'unstored'", { options: { store_history: false } });
    expect(shown(result)).toBe("unstored");
    const { history } = (await ask("history", [], {
      raw: true,
      output: false,
      hist_access_type: "tail",
      n: 1,
    })) as { history: unknown[][] };
    expect(history[0]![2]).not.toBe("'unstored'");
  });

  it("user_expressions give their representations or their errors", async () => {
    const { reply } = await notebook.one("const base = 20;", {
      options: { user_expressions: { good: "base + 1", bad: "missing" } },
    });
    expect(reply["user_expressions"]).toMatchObject({
      good: { status: "ok", data: { "text/plain": "21" } },
      bad: { status: "error", ename: "TypeScriptError" },
    });
  });

  it("stop_on_error: false lets the queue go on", async () => {
    const results = (await notebook.command("execute", {
      cells: ["throw 1", "2"],
      options: { stop_on_error: false },
    })) as Result[];
    expect(results.map(({ reply }) => reply["status"])).toEqual(["error", "ok"]);
  });

  it("input() asks and gets the answer; without somebody to ask it says so", async () => {
    const [result] = (await notebook.command("execute", {
      cells: [
        "const name = await input('Name? '); const secret = await input('Key? ', { password: true }); name + secret",
      ],
      answers: ["Ada", "42"],
    })) as (Result & { prompts: unknown })[];
    expect(result!.prompts).toEqual([
      { prompt: "Name? ", password: false },
      { prompt: "Key? ", password: true },
    ]);
    expect(shown(result!)).toBe("Ada42");
    const refused = await notebook.one("await input()");
    expect(refused.reply["evalue"]).toMatch(/needs somebody to ask/);
  });
});

describe("other requests", () => {
  it("history: range, tail and search, with outputs if asked", async () => {
    const { reply } = await notebook.one("'remembered' + 1");
    const line = Number(reply["execution_count"]);
    const all = { raw: true, output: true };
    for (const query of [
      { hist_access_type: "range", session: 0, start: line, stop: line + 1 },
      { hist_access_type: "tail", n: 1 },
      { hist_access_type: "search", pattern: "*remembered*", n: 1 },
    ])
      expect((await ask("history", [], { ...all, ...query }))["history"]).toEqual([
        [0, line, ["'remembered' + 1", "remembered1"]],
      ]);
  });

  it("completion: what begins so, in its own case first", async () => {
    await notebook.one("const valueOne = 1, valueTwo = 2, Value = 3;");
    const { matches } = (await ask("complete", ["val"])) as { matches: string[] };
    expect(matches.slice(0, 2)).toEqual(["valueOne", "valueTwo"]);
    expect(matches).toContain("Value");
    expect(matches.every((match) => match.toLowerCase().startsWith("val"))).toBe(true);
    expect((await ask("complete", ["import { join } from 'node:path'; jo"]))["matches"]).toEqual(["join"]);
  });

  it("inspection: signature and documentation", async () => {
    await notebook.one("/** Doubles. @param n what */\nfunction twice(n: number): number { return 2 * n; }");
    const { data } = (await ask("inspect", ["twice(1)", 3])) as { data: Record<string, string> };
    expect(data["text/plain"]).toContain("function twice(n: number): number");
    expect(data["text/plain"]).toContain("Doubles.");
    const cell = "import { basename } from 'node:path'; basename('a'); Math.floor(1)";
    for (const [name, documentation] of [
      ["basename(", "last portion of a path"],
      ["floor(", "greatest integer less than or equal to"],
    ] as const) {
      const { data: found } = (await ask("inspect", [cell, cell.indexOf(name) + 1])) as {
        data: Record<string, string>;
      };
      expect(found["text/plain"]).toContain(documentation);
    }
  });

  it("comms: none is open, and one that is opened is closed", async () => {
    expect(await ask("comm_info")).toMatchObject({ status: "ok", comms: {} });
    const outputs = await send("shell", "comm_open", {
      content: { comm_id: "c1", target_name: "x", data: {} },
    });
    expect(outputs.map(({ type }) => type)).toEqual(["status", "comm_close", "status"]);
  });

  it("an unknown request leaves the kernel idle and answering", async () => {
    expect(await send("shell", "nonsense_request")).toHaveLength(2);
    expect(shown(await notebook.one("1"))).toBe("1");
  });

  it("heartbeat: echoes, also while a cell computes", async () => {
    expect(await notebook.command("heartbeat")).toMatchObject({ echoed: true });
    const busy = await notebook.command("heartbeat", {
      during: "console.log('go'); while (true) {}",
    });
    expect(busy).toMatchObject({ echoed: true, result: { reply: { ename: "KeyboardInterrupt" } } });
  });
});

describe("wrong messages", () => {
  it.each(["shell", "control", "stdin"])(
    "with another key's signature on %s are dropped",
    async (channel) => {
      expect(await send(channel, "kernel_info_request", { key: "wrong" })).toEqual([]);
      expect(shown(await notebook.one("2"))).toBe("2");
    },
  );

  it("that come a second time are dropped", async () => {
    await notebook.one("let ran = 0;");
    await notebook.command("replay", { cell: "ran++;" });
    expect(shown(await notebook.one("ran"))).toBe("1");
  });

  it("of any bytes are survived", async () => {
    for (let i = 0; i < 200; i++)
      await notebook.command("send_raw", {
        frames: Array.from({ length: i % 9 }, (_, j) =>
          j === i % 3 ? "<IDS|MSG>" : "x".repeat(i * j),
        ).concat("{"),
      });
    expect(shown(await notebook.one("3"))).toBe("3");
  });
});

describe("endurance", () => {
  it("1,000 cells in a row, none lost", async () => {
    const results = await notebook.run(
      ...Array.from(
        { length: isFull ? 1000 : 200 },
        (_, i) => `const n${String(i)} = ${i === 0 ? "0" : `n${String(i - 1)} + 1`}; n${String(i)}`,
      ),
    );
    expect(results.map(shown)).toEqual(results.map((_, i) => String(i)));
    expect(results.flatMap((result) => ofType(result, "error"))).toEqual([]);
  });
});

describe("endurance of starts", () => {
  it(
    "starts and restarts again and again, and leaves no process behind",
    async () => {
      const other = new Notebook(tmpdir());
      const pids = new Set<number>();
      const begun = async (how: "start" | "restart"): Promise<void> => {
        pids.add(((await other.command(how)) as { pid: number }).pid);
        expect(shown(await other.one("1"))).toBe("1");
      };
      for (const restarts of counts) {
        await begun("start");
        for (let i = 0; i < restarts; i++) await begun("restart");
        expect(await other.command("stop")).toEqual({ alive: false });
      }
      other.abandon();
      expect(pids.size).toBe(counts.length + counts.reduce((sum, restarts) => sum + restarts, 0));
      expect([...pids].filter(isRunning)).toEqual([]);
    },
    hangLimit,
  );
});
