// The teaching guide as a page of the site; a learners' repository has no guide, and then the site has no such page.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Cell } from "../notebooks/notebook";
import { page, rewriteLinks, type Page } from "./prepare";

/** The page's name. */
export const guideName = "teaching";

/** The guide as a page, or undefined where there is none. */
export function guidePage(root: string): Page | undefined {
  const path = join(root, "docs", "teaching.md");
  return existsSync(path) ? asPage(readFileSync(path, "utf8")) : undefined;
}

/** A text of `docs/` as a page beside the chapters, of one cell. Links go from the folder of the notebooks, and anchors are what nbconvert makes of headings. */
export function asPage(markdown: string): Page {
  const anchors = new Map(
    [...markdown.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading]) => {
      const anchor = heading!.replaceAll(" ", "-");
      return [anchor.toLowerCase().replaceAll(/[^\p{L}\p{N}_-]/gu, ""), anchor];
    }),
  );
  const text = rewriteLinks(
    markdown.replaceAll(/\]\(#([^)]+)\)/g, (_, anchor: string) => `](#${anchors.get(anchor) ?? anchor})`),
    (target) => target.replace(/^\.\.\/notebooks\//, "").replace(/^(?!\.\.\/|[\w-]+\.ipynb$)/, "../docs/"),
  );
  const cell: Cell = { id: guideName, cell_type: "markdown", metadata: {}, source: text };
  return page(guideName, { nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [cell] });
}
