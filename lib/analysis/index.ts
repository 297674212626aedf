// Measurements on networks and on runs.
export { meanInterval, type MeanInterval } from "./interval.js";
export { signalsThroughDepth, type Measurable, type Signal } from "./signals.js";
