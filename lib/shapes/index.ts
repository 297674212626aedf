// Tensors whose shape is in their type.
export { add, conv2d, padChannels, relu, subsample, type Images } from "./operations.js";
export {
  shaped,
  type Addend,
  type Dimensions,
  type N,
  type NameOf,
  type Shape,
  type Strided,
} from "./shape.js";
