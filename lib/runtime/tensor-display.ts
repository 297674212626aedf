// Lets tensors show themselves: their values in a notebook, one line in Node's console; never the handle.
import { Tensor } from "@tensorflow/tfjs-core";
import { jupyterDisplay, type MimeBundle } from "../display/display.js";
import { showTensor, tensorHeading } from "../display/tensor.js";

/** The method by which Node's console and `util.inspect` ask a value for its text. It must answer at once, so it reads no values. */
const inspectKey = Symbol.for("nodejs.util.inspect.custom");

Object.defineProperties(Tensor.prototype, {
  [jupyterDisplay]: {
    value(this: Tensor): Promise<MimeBundle> {
      return showTensor(this);
    },
    configurable: true,
  },
  [inspectKey]: {
    value(this: Tensor): string {
      return tensorHeading(this);
    },
    configurable: true,
  },
});
