// Stop works: whatever a cell does, an interrupt ends it, and the session goes on with its variables.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Notebook, ofType, shown, written } from "./kernel-notebook";

/** `KERNEL_TESTS=full` runs the long counts. */
const rounds = process.env["KERNEL_TESTS"] === "full" ? 10 : 2;

const kinds = {
  "a synchronous loop": "let count = 0; while (true) count++;",
  "a loop after an await": "await null; for (;;) {}",
  "a wait without end": "await new Promise(() => {});",
  "a loop of awaits": "while (true) await null;",
  "a timer that never yields": "setTimeout(() => { while (true) {} }, 5); await new Promise(() => {});",
};

/** What a cell leaves to be done after its last line; each says "go" when it has begun. */
const endings = {
  "what a promise does next":
    "Promise.resolve().then(() => new Promise((r) => setTimeout(r, 5))); console.log('go'); Promise.resolve().then(() => { while (true) {} }); 1",
  "a value that shows itself without end":
    "({ async [Symbol.for('Jupyter.display')]() { console.log('go'); await new Promise((r) => setTimeout(r, 5)); while (true) {} } })",
  "a value that is waited for without end":
    "({ [Symbol.for('Jupyter.display')]() { console.log('go'); return new Promise(() => {}); } })",
  "an error that shows itself without end":
    "console.log('go'); throw Object.assign(new Error('shown'), { [Symbol.for('nodejs.util.inspect.custom')]() { while (true) {} } });",
  "a listener of its signal that does not end":
    "(globalThis as any)[Symbol.for('residual.signal')].addEventListener('abort', () => { while (true) {} }); console.log('go'); await new Promise(() => {});",
};

const folder = mkdtempSync(join(tmpdir(), "residual-interrupts-"));
const notebook = new Notebook(folder);

beforeAll(async () => {
  await notebook.command("start");
  await notebook.one("let kept = 1; const remember = () => ++kept;");
});

afterAll(async () => {
  await notebook.command("stop");
  rmSync(folder, { recursive: true });
});

describe("an interrupt", () => {
  it.each(Object.entries(kinds))("stops %s", async (_kind, cell) => {
    for (let round = 0; round < rounds; round++) {
      // Spread over half a second, and the same in every run: multiples of the golden section.
      const moment = 0.1 + ((round * 0.618) % 1) / 2;
      const result = await notebook.one(cell, { interrupt_after: moment, timeout: 20 });
      expect(result.reply).toMatchObject({ status: "error", ename: "KeyboardInterrupt" });
      expect(shown(await notebook.one("typeof remember()", { timeout: 20 }))).toBe("number");
    }
  });

  it.each(Object.entries(endings))("stops %s", async (_kind, cell) => {
    const result = await notebook.one(cell, { interrupt_after: 0.5, timeout: 20 });
    expect(result.reply).toMatchObject({ status: "error", ename: "KeyboardInterrupt" });
    expect(shown(await notebook.one("typeof remember()", { timeout: 20 }))).toBe("number");
  });

  it("spares the next cell, however long that computes", async () => {
    await notebook.one("while (true) {}", { interrupt_after: 0.2, timeout: 20 });
    const next = await notebook.one("for (const end = Date.now() + 1500; Date.now() < end; ) {}\n'whole'", {
      timeout: 20,
    });
    expect(shown(next)).toBe("whole");
  });

  it("leaves no module half loaded", async () => {
    writeFileSync(
      join(folder, "slow.cjs"),
      "exports.first = 1; while (globalThis.hold) {} exports.second = 2;\n",
    );
    writeFileSync(join(folder, "own.ts"), "while ((globalThis as any).hold) {}\nexport const third = 3;\n");
    const cells = [
      'import * as slow from "./slow.cjs"; [slow.first, slow.second]',
      'import { third } from "./own"; third',
    ];
    await notebook.one("(globalThis as any).hold = true;");
    for (const cell of cells) await notebook.one(cell, { interrupt_after: 0.5, timeout: 20 });
    await notebook.one("(globalThis as any).hold = false;");
    expect((await notebook.run(...cells)).map(shown)).toEqual(["[ 1, 2 ]", "3"]);
  });

  it("keeps what a loop had reached", async () => {
    await notebook.one("let turns = 0; while (true) turns++;", { interrupt_after: 1 });
    expect(Number(shown(await notebook.one("turns")))).toBeGreaterThan(1000);
  });

  it("ends what the cell left in the background: nothing of it is written into later cells", async () => {
    await notebook.one(
      "async function work() { for (;;) { await new Promise((resolve) => setTimeout(resolve, 5)); console.log('work'); } }\n" +
        "setInterval(() => console.log('tick'), 5); console.log('go'); await work();",
      { interrupt_on: "go", interrupt_after: 0.1 },
    );
    const next = await notebook.one("await new Promise((resolve) => setTimeout(resolve, 300)); 'quiet'");
    expect(shown(next)).toBe("quiet");
    expect(written(next, "stdout")).toBe("");
  });

  it("ends code of the cell at its next await, also where it waits for what the kernel cannot stop", async () => {
    const waits = {
      timers: "await sleep(5);",
      files: "await stat('.');",
      loop: "for await (const _ of every(5)) turns++;",
    };
    for (const [name, wait] of Object.entries(waits)) {
      await notebook.one(
        "import { setInterval as every, setTimeout as sleep } from 'node:timers/promises'; import { stat } from 'node:fs/promises';\n" +
          `let turns = 0; async function work() { for (;;) { ${wait} turns++; } }\nvoid work(); console.log('go'); await new Promise(() => {});`,
        { interrupt_on: "go", interrupt_after: 0.1 },
      );
      const turns = "await new Promise((done) => setTimeout(done, 100)); turns";
      const [first, second] = (await notebook.run(turns, turns)).map((result) => Number(shown(result)));
      expect(first, name).toBeGreaterThan(0);
      expect(second, name).toBe(first);
    }
  });

  it("leaves timers alone that an earlier cell started, whose output stays that cell's; without a running cell it ends them", async () => {
    await notebook.one("let ticks = 0; const ticking = setInterval(() => { ticks++; }, 5);");
    await notebook.one("console.log('go'); await new Promise(() => {});", { interrupt_on: "go" });
    const first = Number(shown(await notebook.one("ticks")));
    expect(
      Number(shown(await notebook.one("await new Promise((r) => setTimeout(r, 200)); ticks"))),
    ).toBeGreaterThan(first);
    await notebook.command("send", { channel: "control", type: "interrupt_request" });
    const stopped = shown(await notebook.one("ticks"));
    expect(shown(await notebook.one("await new Promise((r) => setTimeout(r, 200)); ticks"))).toBe(stopped);
  });

  it("may come again and again", async () => {
    const result = await notebook.one(
      "console.log('go'); for (;;) { try { await new Promise((r) => setTimeout(r, 1)); } catch {} }",
      {
        interrupt_on: "go",
        interrupts: 5,
        timeout: 20,
      },
    );
    expect(result.reply["ename"]).toBe("KeyboardInterrupt");
    expect(shown(await notebook.one("kept > 1"))).toBe("true");
  });

  it("lets work that asked for it end by itself, and the cell takes what it gives", async () => {
    const result = await notebook.one(
      'const stop = (globalThis as any)[Symbol.for("residual.signal")];\n' +
        "const steps = async () => { let done = 0; while (!stop.aborted) { await new Promise((r) => setTimeout(r, 400)); done++; } return done; };\n" +
        "const running: Promise<number> = steps(); stop.waitUntil(running); console.log('go');\n" +
        "const finished = await running;",
      { interrupt_on: "go", interrupt_after: 0.1 },
    );
    expect(result.reply["ename"]).toBe("KeyboardInterrupt");
    expect(shown(await notebook.one("finished"))).toBe("1");
  });
});

// Each with a kernel of its own, so that they need not wait for each other.
describe.concurrent("an interrupt of a fresh kernel", () => {
  it("may come before the first cell has begun, and while the kernel loads", async () => {
    const early = new Notebook(folder);
    await early.command("start");
    for (let round = 0; round < rounds; round++) {
      const { reply } = await early.one("1", { interrupt_after: round * 0.05, timeout: 20 });
      expect([undefined, "KeyboardInterrupt"]).toContain(reply["ename"]);
      expect(shown(await early.one("2", { timeout: 20 }))).toBe("2");
      await early.command("restart");
    }
    await early.command("stop");
  });

  it("gives every reply on a machine that is busy with other things", async () => {
    // Force that comes late met the kernel's own promises between the error and the reply, about once in twenty interrupts.
    const busy = Array.from({ length: 10 }, () =>
      spawn(process.execPath, ["-e", "for (;;);"], { stdio: "ignore" }),
    );
    const slowed = new Notebook(folder);
    try {
      await slowed.command("start");
      for (let round = 0; round < 6 * rounds; round++) {
        const { reply } = await slowed.one("console.log('go'); while (true) {}", {
          interrupt_on: "go",
          timeout: 30,
        });
        expect(reply["ename"]).toBe("KeyboardInterrupt");
      }
      expect(shown(await slowed.one("2", { timeout: 30 }))).toBe("2");
    } finally {
      for (const one of busy) one.kill("SIGKILL");
    }
    await slowed.command("stop");
  });

  it("ends train.fit after its step: history and weights are there", async () => {
    const training = new Notebook(folder);
    await training.command("start");
    await training.one(
      'import { data, nn, runtime, train } from "residual"; await runtime.ready();\n' +
        'const images = data.subset(await data.load("fashion-mnist-sample", { split: "train" }), Array.from({ length: 64 }, (_, i) => i));\n' +
        'const network = nn.cifarResNet({ depth: 8, shortcut: "A", inputShape: images.imageShape, classes: 10, seed: 1 });',
    );
    const result = await training.one(
      "let result: train.FitResult | undefined;\n" +
        "result = await train.fit(network, data.batches(images), { epochs: 10_000, seed: 1, batchSize: 32, onStep: () => { console.log('go'); } });",
      { interrupt_on: "go", interrupt_after: 0.3, timeout: 60 },
    );
    expect(ofType(result, "error")[0]?.content["ename"]).toBe("KeyboardInterrupt");
    expect(shown(await training.one("[result!.stopped, result!.steps > 0]"))).toBe("[ true, true ]");
    await training.command("stop");
  });
});
