// With the standard deviations of the library's own interval.
import { analysis } from "residual";

export function gapInterval(shallow: readonly number[], deep: readonly number[], t: number) {
  const [a, d] = [analysis.meanInterval(shallow), analysis.meanInterval(deep)];
  const half = t * Math.hypot(a.deviation / Math.sqrt(a.count), d.deviation / Math.sqrt(d.count));
  return { gap: d.mean - a.mean, lower: d.mean - a.mean - half, upper: d.mean - a.mean + half };
}
