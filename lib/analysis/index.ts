// Measurements on networks and on runs.
export { meanInterval, type MeanInterval } from "./interval.js";
