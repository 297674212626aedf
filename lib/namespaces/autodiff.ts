// `autodiff` as users see it: the tape with its operations, and derivations that run.
export * from "../autodiff/index.js";
export * from "../derivations/index.js";
