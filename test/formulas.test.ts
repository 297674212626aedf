// Every formula of the course is set by the MathJax that readers have, without an error.
import { resolve } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { formulaChecker, type FormulaProblem } from "../tools/site/formulas";
import { brokenLinks, texts } from "../tools/site/links";

const root = resolve(__dirname, "..");
let check: (markdown: string) => FormulaProblem[];

beforeAll(async () => {
  check = await formulaChecker();
});

describe("formulaChecker", () => {
  test.each([
    ["an unknown command", "before\n$\\fracc{1}{2}$", /Undefined control sequence \\fracc/],
    ["a missing brace", "\n$$\n\\frac{1}{2\n$$", /Missing close brace/],
    ["an environment left open", "\n$\\begin{aligned} a$", /Missing \\end\{aligned\}/],
    ["a script given twice", "\n$x_i_j$", /Double subscripts/],
    ["a dollar without its partner", "fine $x$\nit costs $5", /without its partner/],
  ])("formulaChecker() reports %s with its line", (_, markdown, message) => {
    const problems = check(markdown);
    expect(problems).toHaveLength(1);
    expect(problems[0]!.line).toBe(2);
    expect(problems[0]!.problem).toMatch(message);
  });

  test("formulaChecker() accepts what a chapter writes", () => {
    const markdown =
      "$x_L = x_l + \\sum_{i=l}^{L-1} \\mathcal{F}(x_i)$ costs \\$5, `$code`\n\n" +
      "$$\\begin{aligned} \\frac{\\partial E}{\\partial x_l} &= \\hat\\gamma \\\\ &\\approx 1 \\end{aligned}$$\n\n" +
      "\\begin{equation} \\operatorname{Var}[y] = \\tfrac12 \\end{equation}\n\n```\n$\\fracc$\n```\n";
    expect(check(markdown)).toEqual([]);
  });
});

describe("the course's texts", () => {
  const all = texts(root);

  test("every formula can be set", () => {
    const problems = all.flatMap(({ path, markdown }) =>
      check(markdown).map(({ line, problem }) => `${path}:${line}: ${problem}`),
    );
    expect(problems).toEqual([]);
  });

  test("every link leads somewhere", () => {
    expect(brokenLinks(root, all)).toEqual([]);
  });
});
