// A learner's way: a notebook opened in the real JupyterLab in a real Chromium, every cell run from the menu.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect } from "vitest";
import { findPython } from "../tools/notebooks/environment";
import { formatNotebook } from "../tools/notebooks/notebook";
import { normalise } from "../tools/notebooks/normalise";
import { convert } from "../tools/notebooks/stale";
import { browserTest } from "./browser";
import { kernelAnswers, startJupyterLab, type JupyterLab } from "./jupyterlab";

const root = resolve(__dirname, "..");
const cache = join(root, "node_modules", ".cache", "residual");
let folder: string;
let jupyter: JupyterLab;

beforeAll(async () => {
  mkdirSync(cache, { recursive: true });
  // Inside the repository, so that a cell's `import ... from "residual"` finds the library.
  folder = mkdtempSync(join(cache, "jupyterlab-"));
  const source = join(root, "test", "fixtures", "notebooks", "90-fixture.ts");
  const notebook = (await convert(findPython(root), [source])).get(source)!;
  writeFileSync(join(folder, "90-fixture.ipynb"), formatNotebook(normalise(notebook)));
  jupyter = await startJupyterLab(folder);
});

afterAll(async () => {
  await jupyter.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe("JupyterLab", () => {
  browserTest(
    "JupyterLab runs every cell and shows text, figure, progress in place and a readable error",
    async ({ page }) => {
      const connected = kernelAnswers(page);
      await page.goto(jupyter.open("90-fixture.ipynb"));
      await connected;
      const notebook = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)");
      await notebook
        .locator(".jp-Notebook-ExecutionIndicator[data-status=idle]")
        .waitFor({ timeout: 120_000 });
      await notebook.getByRole("heading", { name: "90 Fixture" }).waitFor();
      expect(await notebook.locator("mjx-container").count()).toBe(1);

      await page.locator(".lm-MenuBar-itemLabel", { hasText: /^Run$/ }).click();
      await page.locator(".lm-Menu-item[data-command='runmenu:run-all']").click();
      const outputs = notebook.locator(".jp-CodeCell .jp-Cell-outputArea");
      const [text, figure, progress, failure] = [0, 1, 2, 3].map((index) => outputs.nth(index));

      await failure!.getByText("RangeError", { exact: false }).first().waitFor({ timeout: 120_000 });
      expect((await text!.innerText()).trim()).toBe("the last loss is 0.7");
      await figure!
        .locator(".js-plotly-plot .main-svg .scatterlayer .trace")
        .first()
        .waitFor({ state: "attached" });
      const box = await figure!.locator(".main-svg").first().boundingBox();
      expect(box!.width).toBeGreaterThan(300);

      expect(await progress!.locator(".jp-OutputArea-child").count()).toBe(2);
      expect(await progress!.innerText()).toMatch(/^step 5 of 5 after [\d.]+ ms\s+trained\s*$/);

      const shown = await failure!.innerText();
      expect(shown).toContain("RangeError: depth must be 6n+2; got 21");
      expect(shown).not.toMatch(/node_modules|evalmachine|\[\d+m/);

      await failure!.scrollIntoViewIfNeeded();
      await page.screenshot({ path: join(tmpdir(), "residual-jupyterlab.png") });
    },
  );
});
