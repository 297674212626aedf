// Curves that grow while something runs: one figure, replaced in place.
import { display, displayHook, newDisplayId, show } from "../display/display.js";
import type { Figure } from "./figure.js";
import { lines, plotAxes, type PlotOptions } from "./lines.js";
import { evenly } from "./small-curves.js";
import { checkFigure } from "./theme.js";
import { requireValues } from "./validate.js";

/** Options for {@link liveCurves}. */
export interface LiveCurvesOptions extends PlotOptions {
  /** At most this many points a curve are drawn, evenly chosen, the last one always; 500 by default. */
  readonly points?: number;
  /** Gone once it has ended, and not kept in the published notebook: for curves that a figure of the result follows. */
  readonly transient?: boolean;
}

/** A figure that grows. */
export interface LiveCurves {
  /**
   * Adds a point to the curve of that name; the figure follows at most twice a second. A value that its axis cannot show, one that is not
   * finite or on a logarithmic axis not positive, leaves a gap.
   *
   * @throws RangeError if the axis cannot show `x`; and whatever a drawing since the last call has thrown, such as a failing display.
   */
  add(curve: string, x: number, y: number): void;
  /** Draws the last points; outside a notebook, prints the figure's text. A transient figure is taken away. */
  end(): void;
  /** The figure as it stands. @throws RangeError if nothing was added yet. */
  readonly figure: Figure;
}

/** How often the figure is drawn, in milliseconds. */
const drawEvery = 500;

/**
 * Curves that are drawn while a run goes on.
 *
 * @example
 * ```ts
 * const curves = plot.liveCurves({ title: "Training", x: { title: "step" }, y: { title: "loss (nats)" } });
 * // In fit: onStep: ({ step, loss }) => curves.add("ResNet-20", step, loss).
 * curves.add("ResNet-20", 1, 2.3);
 * curves.add("ResNet-20", 2, 1.9);
 * curves.figure.data[0].y; // [2.3, 1.9]
 * ```
 *
 * @throws RangeError if the option points is no whole number of at least 2, or an option of the figure breaks its rule.
 */
export function liveCurves(options: LiveCurvesOptions): LiveCurves {
  checkFigure("liveCurves", options, plotAxes, ["points", "transient"]);
  const { points = 500, transient = false, ...figure } = options;
  if (!Number.isInteger(points) || points < 2)
    throw new RangeError(`points must be a whole number of at least 2; got ${points}`);
  lines([{ name: "", x: [1], y: [null] }], figure); // wrong options are told now, and not in a timer
  const curves = new Map<string, { x: number[]; y: (number | null)[] }>();
  const displayId = newDisplayId("curves");
  let shown = false;
  let pending: ReturnType<typeof setTimeout> | undefined;
  let next = performance.now();

  const current = (): Figure =>
    lines(
      [...curves].map(([name, { x, y }]) => {
        const kept = evenly(x.length, points);
        return { name, x: kept.map((i) => x[i]!), y: kept.map((i) => y[i]!) };
      }),
      figure,
    );
  const draw = (): void => {
    clearTimeout(pending);
    pending = undefined;
    if (curves.size === 0) return;
    next = performance.now() + drawEvery;
    show(current(), { displayId, update: shown, transient });
    shown = true;
  };
  /** What a drawing in a timer threw: nobody could catch it there, so the next call throws it. */
  let failure: { readonly error: unknown } | undefined;
  const drawLater = (): void => {
    try {
      draw();
    } catch (error) {
      failure = { error };
    }
  };
  const rethrow = (): void => {
    const failed = failure;
    failure = undefined;
    if (failed) throw failed.error;
  };
  return {
    add(curve, x, y) {
      rethrow();
      requireValues([x], `"${curve}": x`, options.x.scale);
      if (!curves.has(curve)) curves.set(curve, { x: [], y: [] });
      const { x: xs, y: ys } = curves.get(curve)!;
      xs.push(x);
      ys.push(Number.isFinite(y) && (options.y.scale !== "log" || y > 0) ? y : null);
      if (!displayHook()) return;
      if (performance.now() >= next) draw();
      // The last points of a run are drawn even if nobody calls end().
      else pending ??= setTimeout(drawLater, next - performance.now());
    },
    end() {
      rethrow();
      if (!transient) draw();
      else {
        clearTimeout(pending);
        pending = undefined;
        if (shown) display({ "text/plain": "", "text/html": "" }, { displayId, update: true, transient });
      }
    },
    get figure() {
      return current();
    },
  };
}
