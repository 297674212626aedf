// Tensors whose shape is in their type.
export {
  add,
  concat,
  conv2d,
  norm,
  padChannels,
  relu,
  subsample,
  type Images,
  type Norm,
} from "./operations.js";
export {
  shaped,
  type Addend,
  type Dimensions,
  type N,
  type NameOf,
  type Shape,
  type Strided,
  type Sum,
} from "./shape.js";
