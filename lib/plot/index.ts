// Figures: pure functions from data to a plotly figure, and their display in a notebook.
export { bars, type BarSeries, type BarsOptions } from "./bars.js";
export { image, latex, markdown, type ImageOptions, type LatexOptions } from "../display/content.js";
export {
  clearOutput,
  display,
  jupyterDisplay,
  show,
  type ClearOutputHook,
  type ClearOutputOptions,
  type Displayable,
  type DisplayHook,
  type DisplayOptions,
  type MimeBundle,
} from "../display/display.js";
export { figure, type Figure, type Json, type JsonObject, type Trace } from "./figure.js";
export {
  gradientGrowth,
  gradientTerms,
  oneAndSum,
  shortcutShare,
  termsCosine,
  type GradientFigureOptions,
} from "./gradients.js";
export { drawGraph, type Drawing } from "./graph.js";
export { histogram, type HistogramOptions, type Sample } from "./histogram.js";
export { imageGrid, type ImageGridOptions, type ImageSet } from "./image-grid.js";
export { lines, scatter, type PlotOptions, type Series } from "./lines.js";
export { liveCurves, type LiveCurves, type LiveCurvesOptions } from "./live-curves.js";
export { formatNumber } from "../display/numbers.js";
export { progress, type ProgressBarOptions } from "../display/progress.js";
export { recordsTable } from "../display/records.js";
export { heatMap, surface, type Grid, type GridOptions, type GridPath } from "./surface.js";
export {
  table,
  type Table,
  type TableColumn,
  type TableOptions,
  type TableRow,
  type TableValue,
} from "../display/table.js";
export { isTensor, showTensor, tensorHeading, type TensorLike } from "../display/tensor.js";
export { palette, type AxisOptions, type FigureOptions } from "./theme.js";
export { trainingCurves, type Curve, type TrainingCurvesOptions } from "./training-curves.js";
export { stepDiagram, type StepDiagramOptions } from "./step-diagram.js";
export { unitDiagram, type DrawnUnit } from "./unit-diagram.js";
export type { Value } from "./validate.js";
