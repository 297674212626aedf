// "Predict first": below a question to predict stands a cell for the reader's answer, and what follows keeps its outputs folded, and claims their code.
import { joined, lines, type Cell } from "./notebook";

const question = /\*\*Predict\b|^#+ Predict\b/m;

/** The cell that a reader writes into. */
export const predictionText =
  "*Your prediction:* double-click here and write it down. Then run what follows, or open its outputs by a click on the three dots.";

const predictionCell: Cell = { id: "", cell_type: "markdown", metadata: {}, source: lines(predictionText) };

/**
 * The tag of a cell that only says what must have come out and stops the notebook where it has not: its code is an answer too.
 * It is for the reader's eye alone: the cell runs as any other.
 */
export const claimTag = "claim";

/** What JupyterLab writes of a cell whose outputs or code are folded, word for word, so that opening the notebook changes nothing. */
const folds = (isOutputHidden: boolean, isCodeHidden: boolean): Record<string, unknown> => ({
  ...(isOutputHidden && { collapsed: true }),
  ...((isOutputHidden || isCodeHidden) && {
    jupyter: {
      ...(isOutputHidden && { outputs_hidden: true }),
      ...(isCodeHidden && { source_hidden: true }),
    },
  }),
});

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

/**
 * A text without the folds that it has for readers who can run the cells: on a page the outputs lie open, and so does what is said about them.
 * A fold is written in the source, where a text below a question tells what comes out.
 */
export const unfolded = (text: string): string =>
  text.replaceAll(/^<details>\n<summary>Once it has run<\/summary>\n\n([^]*?)\n\n<\/details>$/gm, "$1");

const isClaim = ({ metadata }: Cell): boolean =>
  ((metadata["tags"] ?? []) as readonly string[]).includes(claimTag);

const isHeading = ({ source }: Cell): boolean => /^#{1,6} /m.test(joined(source));

/**
 * The same cells; between a prediction and the next heading outputs and the code of claims are folded, and nothing else. Running a cell opens
 * its outputs.
 */
export function withFolds(cells: readonly Cell[]): Cell[] {
  let isHidden = false;
  return cells.map((cell) => {
    if (cell.cell_type !== "code") {
      isHidden = isPrediction(cell) || (isHidden && !isHeading(cell));
      return cell;
    }
    const own = Object.entries(cell.metadata).filter(([key]) => key !== "collapsed" && key !== "jupyter");
    const metadata = Object.fromEntries(own);
    const isOutputHidden = isHidden && (cell.outputs ?? []).length > 0;
    return { ...cell, metadata: { ...folds(isOutputHidden, isHidden && isClaim(cell)), ...metadata } };
  });
}
