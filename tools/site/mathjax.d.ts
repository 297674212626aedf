// The types of the part of MathJax's Node interface that the tools use; the package brings none.
declare module "mathjax" {
  /** Sets TeX as SVG. @throws what `formatError` throws */
  interface Typesetter {
    tex2svg(tex: string, options: { display: boolean }): unknown;
  }
  const mathjax: { init(configuration: object): Promise<Typesetter> };
  export default mathjax;
}
