// "Predict first": below a question to predict stands a cell for the reader's answer, and what follows keeps its outputs folded.
import { joined, lines, type Cell } from "./notebook";

const question = /\*\*Predict\b|^#+ Predict\b/m;

/** The cell that a reader writes into. */
export const predictionText =
  "*Your prediction:* double-click here and write it down. Then run what follows, or open its outputs by a click on the three dots.";

const predictionCell: Cell = { id: "", cell_type: "markdown", metadata: {}, source: lines(predictionText) };

/** What JupyterLab writes of a cell whose outputs are folded, word for word, so that opening the notebook changes nothing. */
const folded = { collapsed: true, jupyter: { outputs_hidden: true } };

export const isPrediction = ({ cell_type, source }: Cell): boolean =>
  cell_type === "markdown" && joined(source) === predictionText;

const asks = ({ cell_type, source }: Cell): boolean =>
  cell_type === "markdown" && question.test(joined(source));

/** The cells with one for the reader's prediction below each question that is followed by code. Twice is as once. */
export function withPredictions(cells: readonly Cell[]): Cell[] {
  const own = withoutPredictions(cells);
  return own.flatMap((cell, i) =>
    asks(cell) && own[i + 1]?.cell_type === "code" ? [cell, predictionCell] : [cell],
  );
}

/** The cells without those: for pages that nobody can write into. */
export function withoutPredictions(cells: readonly Cell[]): Cell[] {
  return cells.filter((cell) => !isPrediction(cell));
}

const isHeading = ({ source }: Cell): boolean => /^#{1,6} /m.test(joined(source));

/** The same cells; outputs between a prediction and the next heading are folded, and no others. Running a cell opens them. */
export function withFolds(cells: readonly Cell[]): Cell[] {
  let isHidden = false;
  return cells.map((cell) => {
    if (cell.cell_type !== "code") {
      isHidden = isPrediction(cell) || (isHidden && !isHeading(cell));
      return cell;
    }
    const metadata = Object.fromEntries(Object.entries(cell.metadata).filter(([key]) => !(key in folded)));
    const hides = isHidden && (cell.outputs ?? []).length > 0;
    return { ...cell, metadata: hides ? { ...folded, ...metadata } : metadata };
  });
}
