// `train` as users see it: one run, and many side by side.
export * from "../sweep/index.js";
export * from "../train/index.js";
