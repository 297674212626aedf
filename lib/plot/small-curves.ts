// Curves as a small picture of bounded size: what goes under a line of progress, where a whole figure would be too much.
import { escapeHtml } from "../display/html.js";
import { highest, lowest } from "../numeric.js";
import { formatNumber } from "../display/numbers.js";
import { seriesStyle } from "./theme.js";

/** A curve; those of one name share a colour. Its points are finite. */
export interface SmallCurve {
  readonly name: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** What the axes of small curves say. */
export interface SmallCurvesOptions {
  readonly x: string;
  readonly y: string;
  /** The highest x, where it is known before the last point is there. */
  readonly until?: number;
}

// The picture in pixels, and the room for what is written to the left of the curves and under them.
const [width, height, left, bottom] = [420, 130, 52, 16];
/** How many points all curves have together at most, unless they are so many that each has two. */
const allPoints = 1500;
const curvePoints = 60;
const namesShown = 12;

/** The curves as HTML that takes its ink from the page, a dark one as well; empty where there is no point yet. */
export function smallCurves(curves: readonly SmallCurve[], { x, y, until = 0 }: SmallCurvesOptions): string {
  const drawn = curves.filter((curve) => curve.x.length > 0);
  if (drawn.length === 0) return "";
  const names = [...new Set(curves.map(({ name }) => name))];
  const [first, last] = [lowest(drawn.map((one) => lowest(one.x))), Math.max(until, highest(drawn.map((one) => highest(one.x))))]; // prettier-ignore
  const [low, high] = [
    lowest(drawn.map((one) => lowest(one.y))),
    highest(drawn.map((one) => highest(one.y))),
  ];
  const place = (from: number, to: number, value: number): number =>
    to > from ? (value - from) / (to - from) : 0.5;
  const across = (value: number): number => left + 4 + (width - left - 8) * place(first, last, value);
  const down = (value: number): number => 6 + (height - bottom - 12) * (1 - place(low, high, value));
  const most = Math.min(curvePoints, Math.max(2, Math.floor(allPoints / drawn.length)));
  const paths = drawn.map((curve) => {
    const color = seriesStyle(names.indexOf(curve.name)).color;
    const kept = evenly(curve.x.length, most);
    const points = kept.map((i) => `${across(curve.x[i]!).toFixed(1)},${down(curve.y[i]!).toFixed(1)}`);
    const [endX, endY] = points.at(-1)!.split(",");
    return (
      `<polyline points="${points.join(" ")}" fill="none" stroke="${color}" stroke-width="1.5"/>` +
      `<circle cx="${endX}" cy="${endY}" r="2" fill="${color}"/>`
    );
  });
  const text = (at: string, words: string): string =>
    `<text ${at} fill="currentColor" font-size="11">${escapeHtml(words)}</text>`;
  const axes =
    `<path d="M${left} 0V${height - bottom}H${width}" fill="none" stroke="currentColor" stroke-opacity="0.4"/>` +
    text(`x="${left - 4}" y="12" text-anchor="end"`, formatNumber(high)) +
    (high > low
      ? text(`x="${left - 4}" y="${height - bottom - 2}" text-anchor="end"`, formatNumber(low))
      : "") +
    text(`x="${left}" y="${height - 3}"`, `${x} ${formatNumber(first)}`) +
    (last > first ? text(`x="${width}" y="${height - 3}" text-anchor="end"`, formatNumber(last)) : "");
  const key = names
    .slice(0, namesShown)
    .map((name, i) => `<span style="color: ${seriesStyle(i).color}">&#9632;</span> ${escapeHtml(name)}`);
  if (names.length > namesShown) key.push(`and ${names.length - namesShown} more`);
  return (
    `<div style="font-size: 12px"><svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(y)}">` +
    `${axes}${paths.join("")}</svg><br>${escapeHtml(y)}: ${key.join(" &nbsp; ")}</div>`
  );
}

/** At most `most` indices of 0 to count - 1, evenly spaced, with the first and the last. */
export function evenly(count: number, most: number): number[] {
  if (count <= most) return Array.from({ length: count }, (_, i) => i);
  return Array.from({ length: most }, (_, k) => Math.round((k * (count - 1)) / (most - 1)));
}
