// A learner's way through an exercise in the real JupyterLab: a wrong answer, its message, then the right one.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect } from "vitest";
import { readMaster, solutionOf } from "../tools/exercises/master";
import { browserTest } from "./browser";
import { kernelAnswers, startJupyterLab, type JupyterLab } from "./jupyterlab";

const root = resolve(__dirname, "..");
let folder: string;
let jupyter: JupyterLab;

beforeAll(async () => {
  mkdirSync(join(root, "runs"), { recursive: true });
  // Inside the repository, so that a cell's `import ... from "residual"` finds the library.
  folder = mkdtempSync(join(root, "runs", "exercises-"));
  cpSync(join(root, "exercises"), folder, { recursive: true });
  jupyter = await startJupyterLab(folder);
});

afterAll(async () => {
  await jupyter.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The answer that a file holds, as a learner would write it in the cell. */
function wrongAnswer(slug: string, mistake: string): string {
  return readFileSync(join(root, "solutions", slug, "wrong", `${mistake}.ts`), "utf8");
}

/** Opens an exercise and waits for its kernel. */
async function open(page: Page, slug: string): Promise<Locator> {
  const connected = kernelAnswers(page);
  // `reset`: without the tabs of the tests before, whose kernels would answer first.
  await page.goto(`${jupyter.open(`${slug}/${slug}.ipynb`)}&reset`);
  await connected;
  const notebook = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)");
  await notebook.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").waitFor({ timeout: 120_000 });
  return notebook;
}

/** Types the answer in place of what its cell holds, runs all cells, and gives what the check says. */
async function answer(page: Page, notebook: Locator, text: string, says: string): Promise<string> {
  const cells = notebook.locator(".jp-CodeCell");
  await cells.nth(1).locator(".cm-content").click();
  await page.keyboard.press("Control+A");
  await page.keyboard.insertText(text);
  await page.locator(".lm-MenuBar-itemLabel", { hasText: /^Run$/ }).click();
  await page.locator(".lm-Menu-item[data-command='runmenu:run-all']").click();
  const output = notebook.locator(".jp-CodeCell .jp-Cell-outputArea", { hasText: says }).first();
  await output.waitFor({ timeout: 120_000 });
  await output.scrollIntoViewIfNeeded();
  return output.innerText();
}

const picture = (name: string) => ({ path: join(tmpdir(), `residual-exercise-${name}.png`) });

for (const [slug, mistake, teaches] of [
  ["02-residual-block", "forgets-the-shortcut", "x never reaches it; add x to F(x)"],
  ["01-identity-layers", "forgets-epsilon", "the divisor is sqrt(1 + epsilon), which is not 1"],
] as const) {
  browserTest(`${slug} names a wrong answer's mistake and accepts the right one`, async ({ page }) => {
    const notebook = await open(page, slug);
    const told = await answer(page, notebook, wrongAnswer(slug, mistake), mistake);
    expect(told).toContain(teaches);
    expect(told).toMatch(/✗ wrong[^]*(expected[^]*got|seen)[^]*Read again:/);
    await page.screenshot(picture(`${slug}-wrong`));
    const accepted = await answer(
      page,
      notebook,
      solutionOf(readMaster(root, slug)),
      "All public checks pass",
    );
    expect(accepted).toContain("✓ right");
    expect(accepted).not.toContain("✗");
    // JupyterLab opens what lies under its own address for files.
    await expect
      .poll(() => notebook.locator(".residual-verdict a").getAttribute("href"))
      .toMatch(/\/files\/\d\d-[a-z-]+\/\d\d-[a-z-]+\.ipynb/);
    await page.screenshot(picture(`${slug}-right`));
  });
}

browserTest(
  "03-growing-unit shows a shortcut that does not fit as a compile error that says so",
  async ({ page }) => {
    const slug = "03-growing-unit";
    const notebook = await open(page, slug);
    const solution = solutionOf(readMaster(root, slug));
    const bare = solution.replace("shapes.padChannels(shapes.subsample(x), 32)", "x");
    expect(bare).not.toBe(solution);
    const sentence = "cannot be added to";
    const told = await answer(page, notebook, bare, sentence);
    expect(told).toContain(
      "Shape<[N, 32, 32, 16]> cannot be added to Shape<[N, 16, 16, 32]>: project or pad the shortcut",
    );
    await page.screenshot(picture(`${slug}-wrong`));
    expect(await answer(page, notebook, solution, "All public checks pass")).toContain("right");
    await page.screenshot(picture(`${slug}-right`));
  },
);
