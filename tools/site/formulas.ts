// Sets formulas with the MathJax that the site and JupyterLab use, to find the ones that a reader would see as an error.
import library from "mathjax";
import { formulas, strayDollars } from "./markdown";

/** A formula that cannot be set, or a dollar without its partner. */
export interface FormulaProblem {
  readonly line: number;
  readonly problem: string;
}

/** Checks the formulas of Markdown texts; one MathJax serves all. */
export async function formulaChecker(): Promise<(markdown: string) => FormulaProblem[]> {
  const mathjax = await library.init({
    loader: { load: ["input/tex-full", "output/svg"] },
    tex: {
      // The packages that print a mistake into the page instead of reporting it are left out.
      packages: { "[-]": ["noerrors", "noundefined"] },
      formatError: (_: unknown, error: Error) => {
        throw error;
      },
    },
    startup: { typeset: false },
  });
  return (markdown) => {
    const broken = formulas(markdown).flatMap(({ tex, display, line }) => {
      try {
        mathjax.tex2svg(tex, { display });
        return [];
      } catch (error) {
        return [{ line, problem: `${(error as Error).message} in the formula ${tex}` }];
      }
    });
    const stray = strayDollars(markdown).map((line) => ({
      line,
      problem: "a dollar without its partner (a dollar that is one is written \\$)",
    }));
    return [...broken, ...stray].sort((a, b) => a.line - b.line);
  };
}
