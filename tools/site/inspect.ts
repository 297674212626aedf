// Looks at a written page in a browser: accessibility by axe, what is wider than the page, and what is asked of other hosts.
import axe from "axe-core";
import type { Page } from "playwright-core";

/** The success criteria that are asked for: WCAG 2.2, levels A and AA. */
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

export interface InspectOptions {
  readonly theme: "light" | "dark";
  /** Pixels. */
  readonly width: number;
}

/** What is wrong with a page at a width in a theme, each in one line; nothing for a page that is right. */
export async function inspectPage(
  page: Page,
  address: string,
  { theme, width }: InspectOptions,
): Promise<string[]> {
  const problems: string[] = [];
  const note = (problem: string): void => {
    problems.push(`${theme}, ${width} px: ${problem}`);
  };
  const { origin, protocol } = new URL(address);
  const onRequest = (request: { url(): string }): void => {
    const { origin: other, protocol: way } = new URL(request.url());
    if (/^https?:$/.test(way) && (other !== origin || protocol === "file:"))
      note(`asks another host: ${request.url()}`);
  };
  const onError = (error: Error): void => {
    note(String(error));
  };
  page.on("request", onRequest);
  page.on("pageerror", onError);
  try {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme: theme });
    await page.goto(address);
    // TypeDoc's script shows the page once it has built the navigation.
    await page.waitForFunction(
      "document.body.style.display !== 'none' && document.querySelector('#tsd-nav-container li a') !== null",
    );
    await page.evaluate(axe.source);
    const { violations } = await page.evaluate<{ violations: Violation[] }>(
      `axe.run(document, { runOnly: ${JSON.stringify(tags)}, resultTypes: ["violations"] })`,
    );
    for (const { id, nodes } of violations) note(`${id} (${nodes.length}): ${nodes[0]!.html.slice(0, 160)}`);
    const whole = await page.evaluate<number>("document.documentElement.scrollWidth");
    if (whole > width) note(`the page is ${whole} px wide`);
  } finally {
    page.off("request", onRequest);
    page.off("pageerror", onError);
  }
  return problems;
}

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}
