// Figures: pure functions from data to a plotly figure, and their display in a notebook.
export { bars, type BarSeries, type BarsOptions } from "./bars.js";
export { image, latex, markdown, type ImageOptions, type LatexOptions } from "./content.js";
export {
  clearOutput,
  display,
  type ClearOutputHook,
  type ClearOutputOptions,
  type DisplayHook,
  type DisplayOptions,
  type MimeBundle,
} from "./display.js";
export {
  figure,
  jupyterDisplay,
  show,
  type Displayable,
  type Figure,
  type Json,
  type JsonObject,
  type Trace,
} from "./figure.js";
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
export { formatNumber } from "./numbers.js";
export { progress, type ProgressBarOptions } from "./progress.js";
export { recordsTable } from "./records.js";
export { heatMap, surface, type Grid, type GridOptions, type GridPath } from "./surface.js";
export {
  table,
  type Table,
  type TableColumn,
  type TableOptions,
  type TableRow,
  type TableValue,
} from "./table.js";
export { isTensor, showTensor, tensorHeading, type TensorLike } from "./tensor.js";
export { palette, type AxisOptions, type FigureOptions } from "./theme.js";
export { trainingCurves, type Curve, type TrainingCurvesOptions } from "./training-curves.js";
export { stepDiagram, type StepDiagramOptions } from "./step-diagram.js";
export { unitDiagram, type DrawnUnit } from "./unit-diagram.js";
export type { Value } from "./validate.js";
