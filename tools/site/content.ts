// What becomes of a page's text between nbconvert and the shell: formulas drawn, wide things in boxes that scroll, links that hold, and what the shell needs to know.
import { parseFragment, serialize } from "parse5";
import { attribute, classesOf, elementsBelow, isElement, isText, nodesBelow, replace, setAttribute, textOf, wrap, type Element, type Parent } from "./dom"; // prettier-ignore
import type { Typesetter } from "./typeset";

/** A heading that can be linked to. */
export interface Heading {
  readonly id: string;
  /** From 1, the page's title. */
  readonly level: number;
  readonly text: string;
}

/** A page's tree, with what was found in it. */
export interface Content {
  /** The page's name, in messages. */
  readonly name: string;
  readonly tree: Parent;
  readonly headings: readonly Heading[];
  /** Everything that can be linked to. */
  readonly ids: ReadonlySet<string>;
}

/** The text below a heading down to the next, as the search finds it; before the first heading there is none. */
export interface Section {
  readonly heading?: Heading;
  readonly text: string;
}

/** Reads what nbconvert wrote of a page, or any piece of HTML. */
export function readContent(name: string, html: string): Content {
  const tree = parseFragment(html);
  const headings: Heading[] = [];
  const ids = new Set<string>();
  for (const element of elementsBelow(tree)) {
    const id = attribute(element, "id");
    if (id !== undefined) ids.add(id);
    const level = headingLevel(element);
    if (level === undefined || id === undefined) continue;
    for (const child of elementsBelow(element)) {
      if (!classesOf(child).includes("anchor-link")) continue;
      setAttribute(child, "aria-label", "Link to this section");
      replaceText(child, "#");
    }
    headings.push({ id, level, text: headingText(element) });
  }
  return { name, tree, headings, ids };
}

const headingLevel = ({ tagName }: Element): number | undefined =>
  /^h[1-6]$/.test(tagName) ? Number(tagName[1]) : undefined;

/** A heading's words, without the mark by which a page links to it. */
const headingText = (heading: Element): string => textOf(heading).replace(/#$/, "").replaceAll(/\s+/g, " ").trim(); // prettier-ignore

function replaceText(element: Element, value: string): void {
  for (const node of element.childNodes) if (isText(node)) node.value = value;
}

/** The sections of a page down to the third level, each with the text and the code that stand in it; outputs are left out. */
export function sectionsOf({ tree, headings }: Content): Section[] {
  const byId = new Map(headings.map((heading) => [heading.id, heading]));
  const sections: { heading?: Heading; text: string }[] = [{ text: "" }];
  const isRead = (element: Element): boolean =>
    !/^(?:script|style|noscript|svg)$/.test(element.tagName) && !classesOf(element).includes("jp-Cell-outputWrapper"); // prettier-ignore
  for (const node of nodesBelow(tree, isRead)) {
    if (isText(node)) sections.at(-1)!.text += node.value;
    if (!isElement(node)) continue;
    const level = headingLevel(node);
    const heading = byId.get(attribute(node, "id") ?? "");
    if (level !== undefined && level > 1 && level < 4 && heading) sections.push({ heading, text: "" });
    else if (!/^(?:a|b|code|em|i|span|strong|sub|sup)$/.test(node.tagName)) sections.at(-1)!.text += " ";
  }
  return sections.map((section) => ({ ...section, text: section.text.replaceAll(/\s+/g, " ").trim() }));
}

/**
 * Mends the anchors of links: GitHub lowers the letters of a heading's anchor, nbconvert keeps them. What leads nowhere is left for the check of the
 * written pages, which names it.
 */
export function mendAnchors(content: Content, pages: ReadonlyMap<string, Content>): void {
  for (const element of elementsBelow(content.tree)) {
    const target = attribute(element, "href");
    const match = /^(?!\w+:)([^#]*)#(.+)$/.exec(target ?? "");
    if (element.tagName !== "a" || !match) continue;
    const [, path, anchor] = match;
    const page = path === "" ? content : pages.get(path!.replace(/\.html$/, ""));
    const wanted = decodeURIComponent(anchor!);
    if (!page || page.ids.has(wanted)) continue;
    const heading = page.headings.find(({ id }) => plain(id) === plain(wanted));
    if (heading) setAttribute(element, "href", `${path!}#${encodeURIComponent(heading.id)}`);
  }
}

const plain = (anchor: string): string => anchor.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "");

/** The page as the shell takes it: formulas drawn, tables in boxes that scroll, figures with their names and heights. */
export function finish({ name, tree }: Content, { typeset }: Typesetter): string {
  for (const element of elementsBelow(tree)) {
    if (classesOf(element).includes("highlight")) keepColoured(element);
    if (element.tagName === "table") wrap(element, "div", { class: "wide" });
    if (classesOf(element).includes("plotly-figure")) prepareFigure(element);
  }
  return typeset(name, tree)(serialize(tree));
}

/** The marks of Pygments that `site.css` gives a colour; all others, two thirds of a page's code, go. */
const coloured = /^(?:k|kd|kr|kc|kn|ow|s|s1|s2|sb|sr|si|mi|mf|mh|mb|m|c|c1|cm|cs|nc|nb|nt)$/;

function keepColoured(code: Element): void {
  for (const span of [...elementsBelow(code)])
    if (span.tagName === "span" && !coloured.test(attribute(span, "class") ?? "")) replace(span, [...span.childNodes]); // prettier-ignore
}

/** Says what a figure is called before it is drawn, keeps its place free, and marks what must not be turned dark, as photographs must not. */
function prepareFigure(element: Element): void {
  const script = element.childNodes
    .filter((node) => isElement(node))
    .find(({ tagName }) => tagName === "script")!;
  const { data, layout } = JSON.parse(script.childNodes.map((node) => (isText(node) ? node.value : "")).join("")) as {
    data: { type?: string }[];
    layout?: { title?: { text?: string }; height?: number };
  }; // prettier-ignore
  setAttribute(element, "role", "figure");
  setAttribute(element, "aria-label", layout?.title?.text?.replaceAll(/<[^>]*>/g, " ") ?? "Figure");
  setAttribute(element, "style", `min-height: ${layout?.height ?? 360}px`);
  if (data.some(({ type }) => type === "image")) setAttribute(element, "class", `${classesOf(element).join(" ")} photographs`); // prettier-ignore
}
