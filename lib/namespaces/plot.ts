// `plot` as users see it: what shows itself in a notebook, figures drawn from data, and the figures of the subjects.
export { bars, type BarSeries, type BarsOptions } from "../plot/bars.js";
export { dots, type DotSeries, type DotsOptions } from "../plot/dots.js";
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
export { figure, type Figure, type Frame, type Json, type JsonObject, type Trace } from "../plot/figure.js";
export {
  gradientGrowth,
  gradientTerms,
  oneAndSum,
  shortcutShare,
  termsCosine,
  type GradientFigureOptions,
} from "../analysis/gradient-figures.js";
export { drawGraph, type Drawing } from "../plot/graph.js";
export { histogram, type HistogramOptions, type Sample } from "../plot/histogram.js";
export { imageGrid, type ImageGridOptions, type ImageSet } from "../plot/image-grid.js";
export { lines, scatter, type PlotOptions, type Series } from "../plot/lines.js";
export { liveCurves, type LiveCurves, type LiveCurvesOptions } from "../plot/live-curves.js";
export { moving, type MovingOptions, type MovingStep } from "../plot/moving.js";
export { formatNumber } from "../display/numbers.js";
export { progress, type ProgressBarOptions } from "../display/progress.js";
export { recordsTable } from "../display/records.js";
export {
  heatMap,
  surface,
  type Grid,
  type GridOptions,
  type GridPath,
  type HeatMapOptions,
} from "../plot/surface.js";
export {
  table,
  type Table,
  type TableColumn,
  type TableOptions,
  type TableRow,
  type TableValue,
} from "../display/table.js";
export { isTensor, showTensor, tensorHeading, type TensorLike } from "../display/tensor.js";
export { palette, type AxisOptions, type FigureOptions } from "../plot/theme.js";
export { trainingCurves, type Curve, type TrainingCurvesOptions } from "../plot/training-curves.js";
export { stepDiagram, type StepDiagramOptions } from "../compile/step-diagram.js";
export { unitDiagram, type DrawnUnit } from "../nn/unit-diagram.js";
export type { Value } from "../plot/validate.js";
