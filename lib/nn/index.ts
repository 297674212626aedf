// Residual units and networks of the papers.
export { relu, sigmoid } from "./activation.js";
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
export { copyWeights, type CopyReport } from "./copy.js";
export { deepenByIdentity } from "./deepen.js";
export { dense, flatten, type DenseOptions } from "./dense.js";
export { composites, denseUnit, transition, type Composite, type CompositeName } from "./dense-unit.js";
export {
  cifarDenseNet,
  cifarDenseNetArchitecture,
  imageNetDenseNet,
  imageNetDenseNetArchitecture,
  imageNetDenseNetDepths,
  type CifarDenseNetOptions,
  type ImageNetDenseNetDepth,
  type ImageNetDenseNetOptions,
} from "./densenet.js";
export { dropout, dropoutShortcutGate, stochasticDepthGate } from "./dropout.js";
export {
  constantGate,
  exclusiveGate,
  fixedGate,
  shortcutOnlyGate,
  type Factor,
  type Factors,
  type Gate,
  type LearnedGateOptions,
  type GateFactory,
  type FeatureMap,
  type UnitPlace,
} from "./gate.js";
export { type GateSpec } from "./gate-spec.js";
export { highway, highwayArchitecture, type HighwayOptions } from "./highway.js";
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
  type ReceptiveField,
  type Shape,
  type VariableRole,
} from "./layer.js";
export { Network, type ActivationsOptions } from "./network.js";
export type { Model } from "./model.js";
export type { Named } from "./parts.js";
export {
  operationsOf,
  unitOrders,
  type NamedOperation,
  type Operation,
  type UnitOperations,
  type UnitOrder,
  type UnitOrderName,
} from "./order.js";
export { initialise, type Initialisation, type InitialiseOptions } from "./initialise.js";
export { Parameter, type InitialValue } from "./parameter.js";
export { averagePool, globalAveragePool, maxPool, type MaxPoolOptions } from "./pool.js";
export { sequential, type Parts, type Sequential } from "./sequential.js";
export {
  identity,
  projection,
  shortcuts,
  zeroPadding,
  type ShapeChange,
  activatedProjection,
  type Shortcut,
  type ShortcutLayer,
  type ShortcutName,
  type ZeroPaddingOptions,
  type ZerosPlace,
} from "./shortcut.js";
export { shortcutVariants, type ShortcutVariant } from "./shortcut-variants.js";
export { squeezeExcitation } from "./squeeze-excitation.js";
export { summarise, Summary, type SummaryOptions } from "./summary.js";
export { torchName } from "./torch-names.js";
export { loadTorchWeights, torchTensors, type LoadTorchOptions, type TorchTensors } from "./torch-weights.js";
export { trainedResNet, type TrainedName, type TrainedResNet, type TrainedResNetOptions } from "./trained.js";
export {
  residualUnit,
  unitKinds,
  type Convolution,
  type Paths,
  type ResidualUnit,
  type ResidualUnitOptions,
  type StrideOn,
  type UnitKind,
  type UnitShape,
} from "./unit.js";
export { vgg, vggArchitecture, vggDepths, type VggDepth, type VggOptions } from "./vgg.js";
