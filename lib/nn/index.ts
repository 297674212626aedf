// Residual units and networks of the papers.
export { relu } from "./activation.js";
export {
  multiplyAdds,
  parameterCount,
  type Architecture,
  type NamedUnit,
  type Spec,
} from "./architecture.js";
export { batchNorm, type BatchNormOptions } from "./batch-norm.js";
export { build, buildArchitecture } from "./build.js";
export { cifarArchitecture, cifarResNet, plainNet, type CifarResNetOptions } from "./cifar.js";
export { conv2d, type Conv2dOptions } from "./conv2d.js";
export { copyWeights, type CopyReport, type WithVariables } from "./copy.js";
export { deepenByIdentity } from "./deepen.js";
export { dense } from "./dense.js";
export {
  imageNetArchitecture,
  imageNetDepths,
  imageNetResNet,
  type ImageNetDepth,
  type ImageNetResNetOptions,
} from "./imagenet.js";
export {
  leaf,
  mark,
  within,
  type Layer,
  type LayerRow,
  type LeafLayer,
  type Mode,
  type NamedParameter,
  type NamedVariable,
  type Shape,
  type VariableRole,
} from "./layer.js";
export { Network, type ActivationsOptions } from "./network.js";
export {
  operationsOf,
  unitOrders,
  type NamedOperation,
  type Operation,
  type UnitOperations,
  type UnitOrder,
  type UnitOrderName,
} from "./order.js";
export {
  initialise,
  Parameter,
  type Initialisation,
  type InitialiseOptions,
  type InitialValue,
} from "./parameter.js";
export { globalAveragePool, maxPool, type MaxPoolOptions } from "./pool.js";
export { sequential, type Parts, type Sequential } from "./sequential.js";
export {
  identity,
  projection,
  shortcuts,
  zeroPadding,
  type ShapeChange,
  type Shortcut,
  type ShortcutName,
} from "./shortcut.js";
export { summarise, Summary, type SummaryOptions } from "./summary.js";
export {
  residualUnit,
  unitKinds,
  type Convolution,
  type ResidualUnit,
  type ResidualUnitOptions,
  type StrideOn,
  type UnitKind,
  type UnitShape,
} from "./unit.js";
