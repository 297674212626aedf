// The types of the part of MathJax's Node interface that the tools use; the package brings none.
declare module "mathjax" {
  /** Sets TeX as SVG. @throws what `formatError` throws */
  interface Typesetter {
    tex2svg(tex: string, options: { display: boolean }): unknown;
  }

  /** A formula in a text; `display` is null for a dollar that was written `\$`. */
  export interface FoundTeX {
    readonly math: string;
    readonly display: boolean | null;
    readonly start: { readonly n: number };
    readonly end: { readonly n: number };
  }

  /** What is there beside, with the TeX input, the SVG output and the assistive MathML loaded. */
  export interface SiteTypesetter extends Typesetter {
    tex2mml(tex: string, options: { display: boolean }): string;
    svgStylesheet(): unknown;
    readonly startup: {
      readonly adaptor: { outerHTML(node: unknown): string; textContent(node: unknown): string };
      readonly document: {
        /** The drawings of one page share their glyphs: the page's elements hold them. */
        readonly outputJax: { clearFontCache(): void; pageElements(document: unknown): unknown };
      };
    };
    readonly _: {
      readonly input: {
        readonly tex: {
          readonly FindTeX: {
            readonly FindTeX: new (options: object) => { findMath(texts: string[]): FoundTeX[] };
          };
        };
      };
    };
  }

  const mathjax: { init(configuration: object): Promise<Typesetter> };
  export default mathjax;
}
