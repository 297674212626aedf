// Training as its users see it: one run (`train/`) and many (`sweep/`).
export * from "./train/index.js";
export * from "./sweep/index.js";
