// The one public door of the library: namespaces only.
export * as data from "./data/index.js";
export * as nn from "./nn/index.js";
export * as plot from "./plot/index.js";
export * as runtime from "./runtime/index.js";
export * as train from "./train/index.js";
