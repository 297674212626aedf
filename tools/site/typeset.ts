// Sets a page's formulas when the site is built, with the MathJax that JupyterLab has, so that a reader loads no MathJax.
import library, { type FoundTeX, type SiteTypesetter } from "mathjax";
import { UserError } from "../notebooks/user-error";
import { classesOf, commentNode, isElement, isText, nodesBelow, replace, textNode, type Node, type Parent } from "./dom"; // prettier-ignore

/** Sets formulas of one page after another. */
export interface Typesetter {
  /**
   * Replaces each formula by a comment, and gives what turns the written page's comments into drawings. Text that a cell printed, tables and code
   * may hold dollars and are left alone.
   * @throws UserError naming a formula that cannot be set
   */
  readonly typeset: (page: string, tree: Parent) => (html: string) => string;
  /** A formula as MathML, for text that is shown beside its page. */
  readonly mathml: (tex: string, isDisplayed: boolean) => string;
  /** What the drawings need of a style sheet. */
  readonly style: string;
}

const left = /^(?:pre|code|script|style|textarea|svg)$/;
const leftClasses = new Set(["jp-RenderedText", "jp-RenderedHTML", "highlight"]);

const delimiters = {
  inlineMath: [["$", "$"], ["\\(", "\\)"]],
  processEscapes: true,
}; // prettier-ignore

/** Loads MathJax, once for a process. */
export async function typesetter(): Promise<Typesetter> {
  const mathjax = (await library.init({
    loader: { load: ["input/tex-full", "output/svg", "a11y/assistive-mml"] },
    tex: {
      ...delimiters,
      tags: "ams",
      packages: { "[-]": ["noerrors", "noundefined"] },
      formatError: (_: unknown, error: Error) => {
        throw error;
      },
    },
    svg: { fontCache: "global" },
    options: { enableAssistiveMml: true },
    startup: { typeset: false },
  })) as SiteTypesetter;
  const { adaptor, document } = mathjax.startup;
  const finder = new mathjax._.input.tex.FindTeX.FindTeX(delimiters);

  const typeset = (page: string, tree: Parent) => {
    document.outputJax.clearFontCache();
    const drawn: string[] = [];
    const draw = ({ math, display }: FoundTeX): Node => {
      // A dollar that is one: the finder gives it without its backslash.
      if (display === null) return textNode(math);
      try {
        drawn.push(lighter(adaptor.outerHTML(mathjax.tex2svg(math, { display }))));
      } catch (error) {
        throw new UserError(`${page}: a formula must be one that MathJax sets; got ${math}: ${(error as Error).message}`); // prettier-ignore
      }
      return commentNode(`formula ${drawn.length - 1}`);
    };
    const mayHold = (element: Node): boolean =>
      isElement(element) && !left.test(element.tagName) && !classesOf(element).some((name) => leftClasses.has(name)); // prettier-ignore
    for (const node of nodesBelow(tree, mayHold)) {
      if (!isText(node) || !/[$\\]/.test(node.value)) continue;
      const found = finder.findMath([node.value]);
      if (found.length === 0) continue;
      let end = 0;
      const parts = found.flatMap((one) => {
        const before = textNode(node.value.slice(end, one.start.n));
        end = one.end.n;
        return [before, draw(one)];
      });
      replace(node, [...parts, textNode(node.value.slice(end))]);
    }
    const glyphs = drawn.length === 0 ? "" : lighter(adaptor.outerHTML(document.outputJax.pageElements(document))); // prettier-ignore
    return (html: string) => glyphs + html.replaceAll(/<!--formula (\d+)-->/g, (_, index) => drawn[Number(index)]!); // prettier-ignore
  };

  return {
    typeset,
    mathml: (tex, display) => mathjax.tex2mml(tex, { display }),
    style: adaptor.textContent(mathjax.svgStylesheet()),
  };
}

/** A drawing without what only MathJax's own scripts read, which is half of it. */
const lighter = (svg: string): string =>
  svg
    .replaceAll(/ (?:data-mml-node|data-c|xmlns(?::xlink)?|focusable|jax)="[^"]*"/g, "")
    .replaceAll(/xlink:href="#MJX-TEX-/g, 'href="#m-')
    .replaceAll('id="MJX-TEX-', 'id="m-')
    .replaceAll("></use>", "/>")
    .replaceAll(/<g>(<use [^>]*>)<\/g>/g, "$1");
