// Image data sets: loading, downloading, batching and augmentation.
export type { Dataset } from "./dataset.js";
