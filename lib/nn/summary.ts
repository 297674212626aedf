// A network as a table: name, output shape, parameters, multiply-adds.
import { jupyterDisplay, type MimeBundle } from "../display/display.js";
import { escapeHtml } from "../display/html.js";
import type { Architecture } from "./architecture.js";
import { onePixel, prefixed, type LayerRow, type Shape } from "./layer.js";
import { oneOf, onlyKnown } from "./options.js";
import { highest } from "../numeric.js";

/** How fine the table is. */
export interface SummaryOptions {
  /** `parts`: a row for the stem, each unit, the pool and the head. `layers`: a row for each layer in them. Default: `parts`. */
  readonly detail?: "parts" | "layers";
}

/**
 * A network's rows and totals. It prints itself as text, and as an HTML table in a notebook.
 *
 * @example
 * ```ts
 * const { parameters, multiplyAdds } = nn.summarise(nn.cifarArchitecture({ depth: 20 }));
 * [parameters, multiplyAdds]; // [269722, 40551040]
 * ```
 */
export class Summary {
  readonly name: string;
  readonly inputShape: Shape;
  readonly rows: readonly LayerRow[];
  /** How many numbers are trained; running statistics are not counted. */
  readonly parameters: number;
  /** For one image, of convolutions and dense layers. */
  readonly multiplyAdds: number;

  constructor(name: string, inputShape: Shape, rows: readonly LayerRow[]) {
    this.name = name;
    this.inputShape = inputShape;
    this.rows = rows;
    this.parameters = rows.reduce((sum, row) => sum + row.parameters, 0);
    this.multiplyAdds = rows.reduce((sum, row) => sum + row.multiplyAdds, 0);
  }

  /** An aligned text table. */
  toString(): string {
    const cells = [header, ...this.#cells()];
    const widths = header.map((_, column) => highest(cells.map((row) => row[column]!.length)));
    const line = (row: readonly string[]) =>
      row
        .map((cell, column) =>
          isNumeric(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
        )
        .join("  ")
        .trimEnd();
    const rule = widths.map((width) => "-".repeat(width)).join("  ");
    const [head, ...body] = cells.map(line);
    return [`${this.name}, input ${shapeText(this.inputShape)}`, head, rule, ...body.slice(0, -1), rule, body.at(-1)].join("\n"); // prettier-ignore
  }

  /** What a notebook shows. */
  [jupyterDisplay](): MimeBundle {
    const side = (column: number) => (isNumeric(column) ? "right" : "left");
    const row = (tag: "td" | "th", cells: readonly string[]) =>
      `<tr>${cells.map((cell, column) => `<${tag} style="text-align:${side(column)}">${escapeHtml(cell)}</${tag}>`).join("")}</tr>`;
    const caption = `<caption style="text-align:left">${escapeHtml(this.name)}, input ${escapeHtml(shapeText(this.inputShape))}</caption>`;
    const body = this.#cells()
      .map((cells) => row("td", cells))
      .join("");
    return {
      "text/plain": this.toString(),
      "text/html": `<table>${caption}<thead>${row("th", header)}</thead><tbody>${body}</tbody></table>`,
    };
  }

  #cells(): string[][] {
    return [
      ...this.rows.map((row) => [
        row.name,
        row.kind,
        shapeText(row.outputShape),
        grouped(row.parameters),
        grouped(row.multiplyAdds),
      ]),
      ["total", "", "", grouped(this.parameters), grouped(this.multiplyAdds)],
    ];
  }
}

/**
 * The table of an architecture or a network.
 *
 * @example
 * ```ts
 * nn.summarise(nn.cifarArchitecture({ depth: 20 })).parameters; // 269722
 * ```
 */
export function summarise(
  { name, inputShape, parts }: Pick<Architecture, "name" | "inputShape" | "parts">,
  options: SummaryOptions = {},
): Summary {
  onlyKnown("summarise", options, ["detail"]);
  const detail = oneOf("detail", options.detail ?? "parts", ["parts", "layers"]);
  const rows: LayerRow[] = [];
  let shape: Shape = inputShape;
  let field = onePixel;
  for (const [partName, part] of Object.entries(parts)) {
    const layers = part.rows(shape, field);
    shape = part.outputShape(shape);
    field = part.receptiveField(field);
    if (detail === "layers") for (const row of prefixed(partName, layers)) rows.push(row);
    else {
      rows.push({
        name: partName,
        kind: part.kind === "sequential" ? layers.map((layer) => layer.kind).join(", ") : part.kind,
        outputShape: shape,
        parameters: layers.reduce((sum, layer) => sum + layer.parameters, 0),
        multiplyAdds: layers.reduce((sum, layer) => sum + layer.multiplyAdds, 0),
        activations: layers.reduce((sum, layer) => sum + layer.activations, 0),
        receptiveField: field.size,
      });
    }
  }
  return new Summary(name, inputShape, rows);
}

const header = ["name", "layer", "output", "parameters", "multiply-adds"];

const isNumeric = (column: number) => column >= 3;

const shapeText = (shape: Shape) => shape.join("x");

/** 1234567 as 1,234,567, in every locale. */
const grouped = (n: number) => String(n).replace(/\B(?=(\d{3})+$)/g, ",");
