// Runs nbconvert on notebooks, with the course's own templates.
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../notebooks/user-error";

/** What is made of notebooks, and where. */
export interface NbconvertOptions {
  /** The environment's `bin/python`. */
  readonly python: string;
  /** A folder for the settings. */
  readonly work: string;
  /** The folder for the pages. */
  readonly output: string;
  /** Pages unless said. */
  readonly to?: "html" | "slides";
}

/** Runs `jupyter nbconvert` with the course's template, and with no configuration but this. @throws UserError with what nbconvert says where it fails */
export function nbconvert(notebooks: readonly string[], options: NbconvertOptions): void {
  const { python, work, output, to = "html" } = options;
  const settings = join(work, "settings");
  mkdirSync(settings);
  const config = {
    NbConvertBase: {
      display_data_priority: [
        "application/vnd.plotly.v1+json",
        // Before SVG, of which nbconvert makes an image without a word for those who cannot see it.
        "text/html",
        "image/svg+xml",
        "text/markdown",
        "text/latex",
        "image/png",
        "image/jpeg",
        "text/plain",
      ],
    },
    TagRemovePreprocessor: {
      enabled: true,
      remove_cell_tags: ["remove-cell"],
      remove_all_outputs_tags: ["remove-output"],
      remove_input_tags: ["remove-input"],
    },
    TemplateExporter: {
      extra_template_basedirs: [join(__dirname, "templates")],
      extra_template_paths: [join(__dirname, "templates", "shared")],
    },
    // Numbers of cells say nothing to somebody who reads.
    HTMLExporter: { template_name: "residual", exclude_input_prompt: true, exclude_output_prompt: true },
    SlidesExporter: {
      template_name: "residual-slides",
      reveal_url_prefix: "assets/reveal",
      reveal_theme: "white",
      reveal_transition: "none",
    },
  };
  writeFileSync(join(settings, "nbconvert.json"), JSON.stringify(config));
  const { status, stderr, error } = spawnSync(
    python,
    ["-m", "jupyter", "nbconvert", "--to", to, "--config", join(settings, "nbconvert.json")].concat(
      ["--output-dir", output],
      notebooks,
    ),
    { encoding: "utf8", env: { ...process.env, JUPYTER_CONFIG_DIR: settings, JUPYTER_PREFER_ENV_PATH: "1" } },
  );
  if (error) throw error;
  if (status !== 0) throw new UserError(`nbconvert failed (exit ${status}):\n${stderr}`);
}
