// What a person does with a notebook in JupyterLab or Notebook 7: run, stop, restart, type, save, look.
import type { Locator, Page } from "playwright-core";

/** A first start of everything on a busy machine; more than this means that something hangs. */
const patient = { timeout: 120_000 };

/** A notebook that is open in a page, with its kernel running. */
export class NotebookPage {
  readonly #page: Page;
  /** The notebook's panel. */
  readonly panel: Locator;
  /** How often a kernel has said who it is: when the page connects, and after a restart. */
  #answers = 0;

  private constructor(page: Page) {
    this.#page = page;
    this.panel = page.locator(".jp-NotebookPanel:not(.lm-mod-hidden)");
    page.on("websocket", (socket) => {
      socket.on("framereceived", ({ payload }) => {
        if (payload.toString().includes("kernel_info_reply")) this.#answers++;
      });
    });
  }

  /** Opens the address and waits until the kernel has answered. */
  static async open(page: Page, address: string): Promise<NotebookPage> {
    const notebook = new NotebookPage(page);
    await page.goto(address);
    await notebook.#answered(0);
    return notebook;
  }

  /** The code cell of that index among the code cells. */
  code(index: number): Locator {
    return this.panel.locator(".jp-CodeCell").nth(index);
  }

  /** Where the cell's outputs stand. */
  output(index: number): Locator {
    return this.code(index).locator(".jp-Cell-outputArea");
  }

  /** Runs every cell, by the menu. */
  async runAll(): Promise<void> {
    await this.#page.locator(".lm-MenuBar-itemLabel", { hasText: /^Run$/ }).click();
    await this.#page.locator(".lm-Menu-item[data-command='runmenu:run-all']").click();
  }

  /** Runs one cell, from the keyboard. */
  async run(index: number): Promise<void> {
    await this.focus(index);
    await this.#page.keyboard.press("Shift+Enter");
    await this.#prompt(index, /^\[(\*|\d+)\]:$/, patient);
  }

  /** Puts the cursor at the end of a cell's text. */
  async focus(index: number): Promise<void> {
    await this.code(index).locator(".cm-content").click();
    await this.#page.keyboard.press("Control+End");
  }

  /** What stands in a cell's editor. */
  async text(index: number): Promise<string> {
    return (await this.code(index).locator(".cm-content").innerText()).trim();
  }

  /** Waits until a cell that was run has come to its end. */
  async ran(index: number, options: { timeout: number } = patient): Promise<void> {
    await this.#prompt(index, /^\[\d+\]:$/, options);
  }

  /** Presses the stop button. */
  async interrupt(): Promise<void> {
    await this.#press("interrupt");
  }

  /** Presses the restart button and agrees to what it asks; resolves when the new kernel has answered. */
  async restart(): Promise<void> {
    const before = this.#answers;
    await this.#press("restart");
    await this.#page.locator(".jp-Dialog .jp-mod-accept").click();
    await this.#answered(before);
  }

  /** Presses the save button; resolves when the file is written. */
  async save(): Promise<void> {
    const written = this.#page.waitForResponse(
      (response) => response.request().method() === "PUT" && response.url().includes("/api/contents/"),
    );
    await this.#press("save");
    await written;
  }

  /** Waits for what stands beside a cell: a star while it waits or runs, then its number. */
  async #prompt(index: number, wanted: RegExp, options: { timeout: number }): Promise<void> {
    await this.code(index).locator(".jp-InputPrompt", { hasText: wanted }).waitFor(options);
  }

  async #press(button: string): Promise<void> {
    await this.panel.locator(`[data-jp-item-name="${button}"] jp-button`).click();
  }

  /** Before a kernel has answered, the page calls itself idle all the same, and drops what it is told to run. */
  async #answered(before: number): Promise<void> {
    const limit = performance.now() + patient.timeout;
    while (this.#answers <= before) {
      if (performance.now() > limit) throw new Error("the kernel did not answer the page");
      await this.#page.waitForTimeout(100);
    }
    await this.panel.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]").waitFor(patient);
  }
}
