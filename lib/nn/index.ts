// Residual units and networks of the papers.
export type { Layer, Mode, NamedVariable, Shape, VariableRole } from "./layer.js";
