// Compiles a step in TypeScript into one TensorFlow function, and shows the graph that it becomes.
export { compile, type CompiledStep, type CompileOptions, type TraceReport } from "./compile.js";
export type { StepFunction } from "./recording.js";
export type { StepResult } from "./result.js";
export { rootScope, scope } from "./scope.js";
export { stepDiagram, type StepDiagramOptions } from "./step-diagram.js";
export { stepGraph, type GraphNode, type StepGraph } from "./step-graph.js";
