// Figures: pure functions from data to a plotly figure, and their display in a notebook.
export { bars, type BarSeries, type BarsOptions } from "./bars.js";
export { display, type DisplayHook, type DisplayOptions, type MimeBundle } from "./display.js";
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
export { imageGrid, type ImageGridOptions, type ImageSet } from "./image-grid.js";
export { lines, scatter, type PlotOptions, type Series } from "./lines.js";
export { formatNumber } from "./numbers.js";
export {
  table,
  type Table,
  type TableColumn,
  type TableOptions,
  type TableRow,
  type TableValue,
} from "./table.js";
export { palette, type AxisOptions, type FigureOptions } from "./theme.js";
export { trainingCurves, type Curve, type TrainingCurvesOptions } from "./training-curves.js";
export type { Value } from "./validate.js";
