import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { operationCases } from "./cases.fixture.js";
import {
  derive,
  derivation,
  subjectNames,
  checkSteps,
  verify,
  type Derivation,
  type Slip,
} from "../namespaces/autodiff.js";
import { checkGradient, operations } from "../namespaces/autodiff.js";
import { every } from "../derivations/every.fixture.js";
import { mutants } from "./mutants.fixture.js";

describe("wrong rules of the table", () => {
  test("there is one for every operation", () => {
    expect(new Set(mutants.map(({ operation }) => operation))).toEqual(new Set(Object.keys(operations)));
  });

  test.each(mutants.map((mutant) => [mutant.operation, mutant.imitates, mutant] as const))(
    "checkGradient() catches %s: %s",
    (operation, _, { vjp, input }) => {
      // A slip may change nothing in a special case, such as an image of one pixel: it has to be seen in some case.
      const cases = fc.sample(operationCases[operation], { seed: 5, numRuns: 30 });
      const reports = cases.map(({ program, inputs }) => {
        const rules = { [operation]: vjp };
        return checkGradient(program, inputs, { rules });
      });
      expect(
        reports.some(({ agrees }) => !agrees),
        "the mutant survives",
      ).toBe(true);
      for (const { inputs } of reports) {
        // What is blamed is the wrong gradient and no other.
        inputs.forEach(({ verdict }, i) => {
          if (i !== input) expect(verdict).toBe("agrees");
        });
      }
    },
  );
});

/** The derivation with its last line about the slip's quantity replaced by the slip, and that line's number. */
function broken(whole: Derivation, slip: Slip): { line: number; wrong: Derivation } {
  const same = (a: object, b: object) => JSON.stringify(a) === JSON.stringify(b);
  const place = whole.lines.findLastIndex(({ of }) => same(of, slip.of));
  const lines = whole.lines.with(place, { ...whole.lines[place]!, evaluate: slip.evaluate });
  return { line: place + 1, wrong: derivation({ ...whole, lines }) };
}

const slips = every.flatMap(([title, make]) =>
  make().slips.map((slip) => [title, slip.name, slip, make] as const),
);

describe("wrong lines of derivations", () => {
  test("there are at least 40, and every subject has one", () => {
    expect(slips.length).toBeGreaterThanOrEqual(40);
    for (const subject of subjectNames) expect(derive(subject).slips.length, subject).toBeGreaterThan(0);
  });

  test.each(slips)("verify() names the line: %s: %s", async (_, __, slip, make) => {
    const { line, wrong } = broken(make(), slip);
    const report = await verify(wrong, { cases: 1, witnesses: ["tape"] });
    expect(report.broken?.line, "the mutant survives, or another line is blamed").toBe(line);
    expect(report.lines.filter(({ holds }) => !holds)).toHaveLength(1);
  });

  test.each(slips)("checkSteps() recognises the slip: %s: %s", async (_, name, slip, make) => {
    const problem = make();
    const { broken: step } = await checkSteps(problem, [{ of: slip.of, evaluate: slip.evaluate }], { cases: 1, witnesses: ["tape"] }); // prettier-ignore
    expect(step?.slips).toContain(name);
  });

  test.each(subjectNames.map((subject) => [subject]))(
    "verify() names a wrong line of %s by finite differences and TensorFlow.js too",
    async (subject) => {
      const whole = derive(subject);
      const { line, wrong } = broken(
        whole,
        whole.slips.find(({ of }) => of.kind !== "value") ?? whole.slips[0]!,
      );
      for (const witness of ["finite differences", "TensorFlow.js"] as const) {
        const report = await verify(wrong, { cases: 1, witnesses: ["tape", witness] });
        const { errors } = report.lines[line - 1]!;
        if (wrong.lines[line - 1]!.of.kind !== "value" || witness === "TensorFlow.js")
          expect(errors[witness], witness).toBeGreaterThan(1e-3);
      }
    },
  );
});
