// What a reader is told of a term or a paper without leaving the page: terms from the glossary, papers from the places that cite them.
import { defaultTreeAdapter as tree, serializeOuter } from "parse5";
import type { Content } from "./content";
import { attribute, classesOf, elementsBelow, isElement, isText, nodesBelow, replace, setAttribute, textNode, textOf, type Element, type Text } from "./dom"; // prettier-ignore
import { formulas } from "./markdown";
import { escapeHtml } from "./prepare";
import type { Typesetter } from "./typeset";

/** HTML by the address of the link that it explains. */
export type Hovers = ReadonlyMap<string, string>;

/** A paper that is cited by its number on arXiv. */
export interface Reference {
  readonly id: string;
  readonly authors: string;
  readonly title: string;
  readonly year: string;
  /** Names of the pages that cite it. */
  readonly pages: readonly string[];
}

const glossaryAddress = (term: string): string => `glossary.html#${anchorOf(term)}`;
const anchorOf = (term: string): string => `term-${term.replaceAll(/\W+/g, "-").toLowerCase()}`;

/** Gives each entry of the glossary an anchor, and what it says. */
export function glossaryHovers(glossary: Content, { mathml }: Typesetter): Map<string, string> {
  const hovers = new Map<string, string>();
  for (const entry of elementsBelow(glossary.tree)) {
    const term = entry.childNodes.find((node) => isElement(node) && node.tagName === "strong") as Element | undefined; // prettier-ignore
    const at = entry.childNodes.findIndex((node) => isText(node) && node.value.startsWith("): "));
    if (entry.tagName !== "li" || !term || at < 0) continue;
    const name = textOf(term);
    setAttribute(entry, "id", anchorOf(name));
    (glossary.ids as Set<string>).add(anchorOf(name));
    const said = entry.childNodes.slice(at).map((node) => (isElement(node) ? serializeOuter(node) : isText(node) ? escapeHtml(node.value) : "")).join("").slice(3); // prettier-ignore
    hovers.set(glossaryAddress(name), `<strong>${escapeHtml(name)}</strong>: ${withMathml(said, mathml)}`);
  }
  return hovers;
}

/** The formulas as MathML, which needs no glyphs of the page. */
function withMathml(html: string, mathml: Typesetter["mathml"]): string {
  let text = html;
  for (const { tex, display } of formulas(html)) {
    const written = display ? `$$${tex}$$` : `$${tex}$`;
    const plain = tex.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
    text = text.replace(written, () => mathml(plain, false));
  }
  return text;
}

const left = /^(?:a|b|strong|code|pre|summary|svg|script|h[1-6])$/;
const leftClasses = new Set(["jp-Cell-outputWrapper", "highlight"]);

/** Links the first use of each term on a page to the glossary. A page that introduces a term itself is left alone. */
export function linkTerms(page: Content, terms: readonly string[]): void {
  const strong = [...elementsBelow(page.tree)].filter(({ tagName }) => tagName === "strong").map((one) => textOf(one).toLowerCase()); // prettier-ignore
  const open = terms.filter((term) => !strong.some((own) => own === term.toLowerCase() || own === `${term.toLowerCase()}s`)); // prettier-ignore
  // A longer term first, so that "residual network" is no "residual".
  const wanted = new Map(
    [...open].sort((a, b) => b.length - a.length).map((term) => [term.toLowerCase(), term]),
  );
  const enter = (element: Element): boolean =>
    !left.test(element.tagName) && !classesOf(element).some((name) => leftClasses.has(name));
  for (const node of nodesBelow(page.tree, enter)) {
    if (wanted.size === 0) return;
    if (isText(node)) linkIn(node, wanted);
  }
}

function linkIn(node: Text, wanted: Map<string, string>): void {
  // Formulas are not set yet, and nothing in them is a word.
  const words = node.value.replaceAll(/\$\$[^$]*\$\$|\$[^$]*\$/g, (formula) => " ".repeat(formula.length));
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}-])(${[...wanted.keys()].join("|")})(s?)(?![\\p{L}\\p{N}-])`, "giu"); // prettier-ignore
  const parts: (Text | Element)[] = [];
  let end = 0;
  for (const match of words.matchAll(pattern)) {
    const key = match[1]!.toLowerCase();
    const term = wanted.get(key);
    if (term === undefined) continue;
    wanted.delete(key);
    const link = tree.createElement("a", tree.getNamespaceURI(node.parentNode as Element), [
      { name: "class", value: "term" },
      { name: "href", value: glossaryAddress(term) },
    ]);
    tree.appendChild(link, textNode(match[0]));
    parts.push(textNode(node.value.slice(end, match.index)), link);
    end = match.index + match[0].length;
  }
  if (parts.length > 0) replace(node, [...parts, textNode(node.value.slice(end))]);
}

/** The papers that pages cite by a link to arXiv, each as the first place says that names its title. */
export function referencesOf(pages: Iterable<Content>): Reference[] {
  const found = new Map<string, Reference>();
  for (const { name, tree: content } of pages) {
    for (const link of elementsBelow(content)) {
      const id = /^https:\/\/arxiv\.org\/abs\/([\d.]+)/.exec(attribute(link, "href") ?? "")?.[1];
      if (link.tagName !== "a" || id === undefined) continue;
      const known = found.get(id) ?? { id, authors: "", title: "", year: "", pages: [] };
      const said = known.title === "" ? citedBefore(link) : undefined;
      found.set(id, { ...known, ...said, pages: [...new Set([...known.pages, name])] });
    }
  }
  return [...found.values()].sort((a, b) => ((a.authors || a.id) < (b.authors || b.id) ? -1 : 1));
}

/** "Authors: _Title_, year, " before a link. */
function citedBefore(link: Element): Omit<Reference, "id" | "pages"> | undefined {
  const before = link.parentNode!.childNodes.slice(0, link.parentNode!.childNodes.indexOf(link));
  const at = before.findLastIndex((node) => isElement(node) && node.tagName === "em");
  const after = before.slice(at + 1).map((node) => (isText(node) ? node.value : isElement(node) ? "\u0000" : "")).join(""); // prettier-ignore
  const year = /^,\s+(?:(\d{4}),\s+)?$/.exec(after);
  const authors = before[at - 1];
  if (at < 1 || !year || !authors || !isText(authors)) return undefined;
  const names =
    /(?:^|[.;(]\s+|\bsee\s+|\band\s+(?=\p{Lu}\w+,))([^.;()]*?)[:,]?\s*$/su.exec(authors.value)?.[1] ?? "";
  return {
    authors: names
      .replaceAll(/\s+/g, " ")
      .replace(/^[,\s]*(?:and )?/, "")
      .trim(),
    title: textOf(before[at] as Element).replaceAll(/\s+/g, " "),
    year: year[1] ?? "",
  };
}

const cited = ({ authors, title, year }: Reference): string =>
  `${escapeHtml(authors)}${authors === "" ? "" : ": "}<em>${escapeHtml(title)}</em>${year === "" ? "" : `, ${year}`}`;

export const referenceHovers = (references: readonly Reference[]): Map<string, string> =>
  new Map(references.filter(({ title }) => title !== "").map((one) => [`https://arxiv.org/abs/${one.id}`, cited(one)])); // prettier-ignore

/** The page of references, without the shell. */
export function referencesPage(references: readonly Reference[], titleOf: (page: string) => string): string {
  const items = references.map((one) => {
    const places = one.pages
      .map((page) => `<a href="${page}.html">${escapeHtml(titleOf(page))}</a>`)
      .join(", ");
    const what = one.title === "" ? "" : `${cited(one)}, `;
    return `<li>${what}<a href="https://arxiv.org/abs/${one.id}">arXiv:${one.id}</a>. Cited in ${places}.</li>`;
  });
  return `<h1 id="References">References</h1>\n<p>The papers that the course cites by their numbers on arXiv, with the pages that do.</p>\n<ul>\n${items.join("\n")}\n</ul>`;
}

/** The script that a page loads when the first of its terms or papers is asked for. */
export const hoversScript = (...all: Hovers[]): string =>
  `window.residualHovers = ${JSON.stringify(Object.fromEntries(all.flatMap((hovers) => [...hovers])))};\n`;
