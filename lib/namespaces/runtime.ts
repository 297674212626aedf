// `runtime` as users see it: the backend with its kernels, and steps compiled for it.
export {
  compile,
  rootScope,
  scope,
  stepGraph,
  type CompiledStep,
  type CompileOptions,
  type GraphNode,
  type StepFunction,
  type StepGraph,
  type StepResult,
  type TraceReport,
} from "../compile/index.js";
export * from "../runtime/index.js";
