// Hidden checks that print, hang, fill the memory or end: each costs its own exercise and never another verdict.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test } from "vitest";
import { defaultLimits } from "../sandbox/sandbox";
import { ExerciseFault, Judge } from "./judge";

const folder = mkdtempSync(join(tmpdir(), "residual-judge-"));
const judges: Judge[] = [];
afterEach(async () => {
  for (const judge of judges.splice(0)) await judge.close();
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** A judge of the one property `p` of the question `q`, whose output must be 1; `code` runs before each verdict. */
function judgeBy(code: string, options: ConstructorParameters<typeof Judge>[0] = {}) {
  const hidden = join(folder, `${judges.length}-${Math.abs(code.length)}.js`);
  writeFileSync(
    hidden,
    `exports.questions = [{ id: "q", title: "Q", needs: [], properties: [{ id: "p", title: "P", points: 1, cases: () => [0, 1],
      judge: (input, output) => { ${code}; return output.value === 1 ? undefined : { mistake: "wrong", message: "it is not 1" }; } }] }];`,
  );
  const judge = new Judge(options);
  judges.push(judge);
  return (value: number) => judge.judge(hidden, "q", "p", 0, { value });
}

test("Judge.judge() gives each output its own verdict, whatever the checks print", async () => {
  const judge =
    judgeBy(`console.log("null"); console.log(JSON.stringify({ finding: null })); console.error("null");
    process.stdout.write("null\\n".repeat(1000));`);
  for (const value of [0, 1, 0, 1, 1, 0])
    expect((await judge(value))?.mistake).toBe(value === 1 ? undefined : "wrong");
});

test("Judge.judge() says how checks fail, and answers the next question with a program anew", async () => {
  const code = `const kept = [], { value } = output;
    if (value === 2) for (;;);
    if (value === 3) process.exit(0);
    if (value === 4) for (;;) kept.push(Buffer.alloc(1 << 24, 1));
    if (value === 5) require("fs").writeSync(4, "null\\n");
    if (value === 6) throw new Error("a mistake");`;
  const limits = { ...defaultLimits, memoryBytes: 1 << 30 };
  // On a busy machine a program takes seconds to start: only the one that never answers gets few.
  const hasty = judgeBy(code, { patienceMs: 10_000, limits });
  const judge = judgeBy(code, { limits });
  const faults = {
    2: /did not answer in time/,
    3: /ended their process/,
    4: /need more memory|ended their process/,
    5: /wrote to the grader's own channel/,
    6: /a mistake/,
  };
  for (const [value, says] of Object.entries(faults)) {
    const ask = value === "2" ? hasty : judge;
    const fault = await ask(Number(value)).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(ExerciseFault);
    expect((fault as Error).message).toMatch(says);
  }
  expect((await judge(0))?.mistake).toBe("wrong");
  expect(await judge(1)).toBeNull();
});

test("Judge.judge() asks once more where the program that ended had been asked of others' answers", async () => {
  const judge = judgeBy("globalThis.asked = (globalThis.asked ?? 0) + 1; if (globalThis.asked === 2) process.exit(0);"); // prettier-ignore
  for (const value of [0, 1]) expect((await judge(value))?.mistake).toBe(value === 1 ? undefined : "wrong");
});
