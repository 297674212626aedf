import { beforeAll, describe, expect, test } from "vitest";
import { jupyterDisplay } from "../display/display.js";
import { ready } from "../runtime/index.js";
import { at, tabulate } from "../autodiff/index.js";
import { checkSteps, derivation, derive, gradientOf, jacobianOf, verify, type Scope } from "./index.js";

beforeAll(async () => {
  await ready();
});

const relu = (dy: string) => ({ value, gradient }: Scope) =>
  tabulate([3, 2], (i, j) => (at(value("x"), i, j) > 0 ? at(gradient(dy), i, j) : 0)); // prettier-ignore
const timesDy = (factor: number) => ({ gradient }: Scope) =>
  tabulate([3, 2], (i, j) => factor * at(gradient("y"), i, j)); // prettier-ignore

describe("checkSteps()", () => {
  test("accepts a right function alone", async () => {
    const { holds, message } = await checkSteps(derive("relu"), [relu("y")]);
    expect(holds).toBe(true);
    expect(message).toBe("Step 1 holds: dE/dx.");
  });

  test("names the step, its rule, the inputs, the index, both values and the slip", async () => {
    const report = await checkSteps(derive("relu"), [
      { of: jacobianOf("y", "x"), rule: "derivative by cases", latex: "\\frac{dy_i}{dx_j} = [i = j] [x_i > 0]", evaluate: ({ value }) => tabulate([3, 2, 3, 2], (i, j, k, l) => (i === k && j === l && at(value("x"), i, j) > 0 ? 1 : 0)) },
      { rule: "chain rule", evaluate: timesDy(1) },
    ]); // prettier-ignore
    expect(report.steps.map(({ holds }) => holds)).toEqual([true, false]);
    expect(report.broken?.message).toMatch(
      /^Step 2 \(chain rule\) breaks: for x \[3, 2\], dE\/dx at index \[\d, \d\] it gives -?\d\S*, the tape gives 0(?:\.\d+)? \(off by .* of the largest number; values of seed 1\)\. It looks like this: the mask is forgotten\.$/,
    );
  });

  test.each([
    ["the sign is wrong", derive("mean"), ({ gradient }: Scope) => tabulate([3, 2], () => -gradient("y").data[0]! / 6)],
    ["it is divided by m = 6 once too often", derive("mean"), ({ gradient }: Scope) => tabulate([3, 2], () => gradient("y").data[0]! / 36)],
    ["everything is 0", derive("mean"), () => tabulate([3, 2], () => 0)],
    ["it is 3 times what it should be, in every element", derive("mean"), ({ gradient }: Scope) => tabulate([3, 2], () => gradient("y").data[0]! / 2)],
    ["it is dE/du, not dE/dx", derive("batchNorm"), ({ gradient }: Scope) => gradient("u")],
  ])("recognises in any problem: %s", async (slip, problem, evaluate) => {
    const { broken } = await checkSteps(problem, [evaluate]);
    // A factor of 3 is also the slip of dividing by the number of rows.
    if (slip.startsWith("it is 3")) expect(broken?.slips).toEqual([expect.stringMatching(/rows|3 times/)]);
    else expect(broken?.slips).toEqual([slip]);
  }); // prettier-ignore

  test("names the first of two steps that are wrong", async () => {
    const { steps, broken } = await checkSteps(derive("relu"), [relu("y"), timesDy(1), timesDy(2)]);
    expect(steps.map(({ holds }) => holds)).toEqual([true, false, false]);
    expect(broken).toBe(steps[1]);
  });

  test("says so when it knows no slip like it", async () => {
    const { broken } = await checkSteps(derive("relu"), [() => tabulate([3, 2], (i, j) => i - j + 0.3)]);
    expect(broken?.slips).toEqual([]);
    expect(broken?.message).toContain("It looks like no slip that is known here.");
  });

  test.each([
    ["a wrong shape", () => tabulate([6], () => 0), "line 1 (my rule) must give dE/dx in its shape [3, 2]; got [6]"],
    ["NaN", () => tabulate([3, 2], (i) => (i === 1 ? NaN : 0)), "line 1 (my rule) must give finite numbers; got NaN at index [1, 0]"],
    ["nothing", () => undefined as never, "line 1 (my rule) must give an array, as tabulate() makes one; got undefined"],
    ["a symbol that is not there", ({ value }: Scope) => value("w"), "line 1 (my rule) cannot be evaluated: a symbol must be in the derivation; got w (there are: x, y)"],
    ["its own left side", ({ gradient }: Scope) => gradient("x"), "line 1 (my rule) cannot be evaluated: its right side must not use its left side, dE/dx"],
  ])("refuses a step that gives %s, and names line and rule", async (_, evaluate, message) => {
    await expect(checkSteps(derive("relu"), [{ rule: "my rule", evaluate }])).rejects.toThrow(message);
  }); // prettier-ignore

  test("refuses an empty derivation", async () => {
    await expect(checkSteps(derive("relu"), [])).rejects.toThrow("at least one step; got none");
  });
});

describe("verify()", () => {
  test("gives the same numbers for the same seed, and others for another", async () => {
    const run = (seed: number) =>
      checkSteps(derive("relu"), [timesDy(1)], { seed, cases: 1 }).then(({ broken }) => broken!.deviation!.expected + broken!.deviation!.got); // prettier-ignore
    expect(await run(1)).toBe(await run(1));
    expect(await run(1)).not.toBe(await run(2));
  });

  test("compares a line with the one before it", async () => {
    const whole = derive("relu");
    const lines = whole.lines.with(-1, { ...whole.lines.at(-1)!, of: gradientOf("x"), evaluate: timesDy(2) });
    const { broken } = await verify(derivation({ ...whole, lines }), { cases: 1 });
    expect(broken?.line).toBe(whole.lines.length);
    expect(broken?.fromLineBefore).toBeGreaterThan(0.1);
  });

  test("names the first of two lines that do not follow", async () => {
    const whole = derive("relu");
    const wrong = whole.lines.map((line, i) =>
      i === 2 || i === 4 ? { ...line, evaluate: timesDy(3) } : line,
    );
    const report = await verify(derivation({ ...whole, lines: wrong }), { cases: 1, witnesses: ["tape"] });
    expect(report.lines.map(({ holds }) => holds)).toEqual([true, true, false, true, false]);
    expect(report.broken?.line).toBe(3);
    expect(report.text).toContain("line 3 (chain rule) does not follow");
  });

  test("leaves out elements at a kink, and says how many", async () => {
    const whole = derive("relu");
    const inputs = () => ({ x: tabulate([3, 2], (i, j) => (i === 1 && j === 0 ? 0 : i + j - 0.5)) });
    const report = await verify(derivation({ ...whole, inputs }), { cases: 1 });
    expect(report.holds).toBe(true);
    expect(report.lines.map(({ kinks }) => kinks)).toEqual([0, 1, 1, 1, 1]);
  });
});

describe("what verify() and checkSteps() show", () => {
  test("beside each formula its reason and its result, and where a line does not follow, which, where and by how much", async () => {
    const whole = derive("relu");
    const wrong = whole.lines.with(3, { ...whole.lines[3]!, evaluate: timesDy(1) });
    const report = await verify(derivation({ ...whole, lines: wrong }), { cases: 1 });
    const shown = report[jupyterDisplay]()["text/markdown"] as string;
    const [title, ...lines] = shown.split(/\n\n(?=\$\$)/);
    expect(title).toMatch(
      /^\*\*The rectifier: line 4 \(substitution\) does not follow: at index \[\d, \d\] /,
    );
    expect(lines).toHaveLength(whole.lines.length);
    lines.forEach((line, i) => {
      const { latex, rule, reason } = whole.lines[i]!;
      const result = i === 3 ? "**This line does not follow:** at index " : "*(off: ";
      expect(line).toContain(`$$ ${latex} \\tag{${i + 1}} $$\n\n${i === 3 ? "✗" : "✓"} **${rule}.** ${reason} ${result}`); // prettier-ignore
    });
    expect(lines[1]).toMatch(
      /\(off: tape (?:0|\de-\d+), finite differences \de-\d+, TensorFlow\.js (?:0|\de-\d+)\)/,
    );
  });

  test("a learner's formula with its own verdict", async () => {
    const report = await checkSteps(derive("relu"), [{ rule: "my rule", latex: "a = b", evaluate: timesDy(1) }, relu("y")]); // prettier-ignore
    const [first, second] = (report[jupyterDisplay]()["text/markdown"] as string).split(/\n\n(?=✓)/);
    expect(first).toMatch(
      /^\$\$ a = b \\tag\{1\} \$\$\n\n✗ \*\*Step 1 \(my rule\) breaks: .*the mask is forgotten\.\*\*$/,
    );
    expect(second).toMatch(/^✓ Step 2 holds: dE\/dx\. \*\(off: tape /);
  });
});

describe("derive()", () => {
  test("refuses a subject that it does not know", () => {
    expect(() => (derive as (subject: string) => unknown)("tanh")).toThrow(
      "a subject must be one of add, subtract",
    );
  });

  test("refuses a depth that cannot be shown", () => {
    expect(() => derive("plainChain", { depth: 1 })).toThrow("a chain's depth must be a whole number from 2 to 6; got 1"); // prettier-ignore
  });

  test("byHand has a line for each of the 26 intermediates, and extends to the unit's convolutions, norms and shortcut", () => {
    const gradients = derive("byHand")
      .lines.map(({ of }) => of)
      .filter(({ kind }) => kind === "gradient");
    expect(gradients).toHaveLength(26);
    expect(new Set(gradients.map(({ kind, of }) => `${kind} ${of}`)).size).toBe(26);
    const unit = derive("residualUnit", { shortcut: "projection" }).lines.filter(
      ({ of }) => of.kind === "gradient",
    );
    const names = new Set(unit.map(({ of }) => of.of));
    for (const name of ["W1", "W2", "WS", "gamma1", "beta1", "gamma2", "c1", "n1", "a1", "c2", "F", "h", "x_F", "x_S", "x"]) expect(names).toContain(name); // prettier-ignore
  });
});
