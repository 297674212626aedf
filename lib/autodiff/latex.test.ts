import katex from "katex";
import { beforeAll, describe, expect, test } from "vitest";
import { jupyterDisplay } from "../display/display.js";
import { formulaChecker, type FormulaProblem } from "../../tools/site/formulas";
import { checkSteps, derive, operations, verify, type AnyOperation } from "../namespaces/autodiff.js";
import { every } from "../derivations/every.fixture.js";

const table = Object.values(operations) as unknown as AnyOperation[];
const symbols = (rule: AnyOperation["rule"]) => [...rule.inputs];
const formulas = [
  ...table.flatMap(({ operation, rule }) => [
    [`${operation}, forward`, rule.latex.forward("y", symbols(rule))] as const,
    ...rule.latex.vjp("y", symbols(rule)).map((latex, i) => [`${operation}, vjp of ${symbols(rule)[i]!}`, latex] as const), // prettier-ignore
  ]),
  ...every.flatMap(([title, make]) =>
    make().lines.map(({ latex }, i) => [`${title}, line ${i + 1}`, latex] as const),
  ),
];

let check: (markdown: string) => FormulaProblem[];

beforeAll(async () => {
  check = await formulaChecker();
});

describe("every formula of the library", () => {
  test("there is one for the forward pass and for each input of every operation", () => {
    for (const { rule } of table) expect(rule.latex.vjp("y", symbols(rule))).toHaveLength(rule.inputs.length);
  });

  test("KaTeX sets each, with errors and warnings thrown", () => {
    const problems = formulas.flatMap(([place, latex]) => {
      try {
        katex.renderToString(latex, { displayMode: true, throwOnError: true, strict: "error" });
        return [];
      } catch (error) {
        return [`${place}: ${(error as Error).message}`];
      }
    });
    expect(problems).toEqual([]);
  });

  test("JupyterLab's MathJax sets each", () => {
    const problems = formulas.flatMap(([place, latex]) => check(`$$ ${latex} $$`).map(({ problem }) => `${place}: ${problem}`)); // prettier-ignore
    expect(problems).toEqual([]);
  });

  test.each(every)("JupyterLab's MathJax sets what %s shows", (_, make) => {
    const bundle = make()[jupyterDisplay]();
    expect(check(bundle["text/markdown"] as string)).toEqual([]);
  });

  test.each(every)("JupyterLab's MathJax sets what verify() shows of %s", async (_, make) => {
    const report = await verify(make(), { cases: 1, witnesses: ["tape"] });
    const bundle = report[jupyterDisplay]();
    expect(bundle["text/markdown"]).toBe(report.markdown);
    expect(check(report.markdown)).toEqual([]);
    for (const { latex } of make().lines) expect(report.markdown).toContain(latex);
  });

  test("JupyterLab's MathJax sets what checkSteps() shows", async () => {
    const problem = derive("batchNorm");
    const wrong = { ...problem.lines.at(-1)!, evaluate: problem.slips[0]!.evaluate };
    const report = await checkSteps(problem, [...problem.lines.slice(0, -1), wrong], { cases: 1, witnesses: ["tape"] }); // prettier-ignore
    const bundle = report[jupyterDisplay]();
    expect(check(bundle["text/markdown"] as string)).toEqual([]);
  });
});
