// The one public door of the library: namespaces only.
export * as analysis from "./analysis/index.js";
export * as autodiff from "./namespaces/autodiff.js";
export * as check from "./check/index.js";
export * as data from "./data/index.js";
export * as nn from "./nn/index.js";
export * as plot from "./namespaces/plot.js";
export * as runtime from "./namespaces/runtime.js";
export * as shapes from "./shapes/index.js";
export * as train from "./namespaces/train.js";
