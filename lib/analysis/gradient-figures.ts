// Figures of the gradient microscope: the two terms of each unit, and networks beside one another over depth.
import type { GradientSplit } from "./gradient-split.js";
import type { IdentityReport } from "./identity-sums.js";
import type { Figure } from "../plot/figure.js";
import { lines, type Series } from "../plot/lines.js";
import { formatNumber } from "../display/numbers.js";
import { onlyKnown } from "../options.js";
import { figureOptions, type FigureOptions } from "../plot/theme.js";

/** Options of the microscope's figures; each has a title and a caption of its own. */
export type GradientFigureOptions = Partial<FigureOptions>;

/**
 * The gradient at each unit of one network, and the norms of its two terms. Where a shortcut is not the identity its term is the
 * shortcut's own vector-Jacobian product, and the caption says at which units.
 *
 * @example
 * ```ts
 * const unit = {
 *   name: "unit",
 *   shortcut: "identity",
 *   shape: [2],
 *   gradient: Float32Array.of(1, 2),
 *   carried: Float32Array.of(1, 0),
 *   residual: Float32Array.of(0, 2),
 * };
 * const split = analysis.splitTrace({ network: "net", moment: "now", units: [unit], topNorm: 1 });
 * plot.gradientTerms(split).data.length; // 3
 * ```
 */
export function gradientTerms(split: GradientSplit, options: GradientFigureOptions = {}): Figure {
  onlyKnown("gradientTerms", options, figureOptions);
  const { network, moment, units } = split;
  const others = units.flatMap(({ shortcut }, i) =>
    shortcut === "identity" ? [] : [{ shortcut, place: i + 1 }],
  );
  const kinds = [...new Set(others.map(({ shortcut }) => shortcut))];
  const remark = kinds
    .map((kind) => {
      const places = others.filter(({ shortcut }) => shortcut === kind).map(({ place }) => place);
      const at = places.length === units.length ? "every unit" : `unit ${places.join(", ")}`;
      return kind === "none"
        ? `No shortcut at ${at}.`
        : `At ${at} the shortcut is no identity (${kind}); its own vector-Jacobian product is drawn.`;
    })
    .join(" ");
  const carried = units.map((unit) => positive(unit.carried));
  const series: Series[] = [
    { name: "dE/dx", y: units.map((unit) => positive(unit.gradient)) },
    ...(carried.some((value) => value !== null) ? [{ name: "through the shortcut", y: carried }] : []),
    { name: "through F", y: units.map((unit) => positive(unit.residual)) },
  ];
  return lines(series, {
    title: `The gradient's two terms, unit by unit: ${network}, ${moment}`,
    x: { title: "unit, counted from the images" },
    y: { title: "Euclidean norm", scale: "log" },
    ...options,
    caption: [options.caption ?? "Backpropagation runs from right to left.", remark].join(" ").trim(),
  });
}

/**
 * The size of the gradient over depth, as a multiple of its size after the last unit, for several networks. A product of like factors is a
 * straight line on the logarithmic axis; the caption gives each network's mean factor per unit.
 *
 * @example
 * ```ts
 * const unit = {
 *   name: "unit",
 *   shortcut: "identity",
 *   shape: [2],
 *   gradient: Float32Array.of(1, 2),
 *   carried: Float32Array.of(1, 0),
 *   residual: Float32Array.of(0, 2),
 * };
 * const split = analysis.splitTrace({ network: "net", moment: "now", units: [unit], topNorm: 1 });
 * plot.gradientGrowth([split]).data.length; // 1
 * ```
 */
export function gradientGrowth(
  splits: readonly GradientSplit[],
  options: GradientFigureOptions = {},
): Figure {
  onlyKnown("gradientGrowth", options, figureOptions);
  const factors = splits.map(({ units, topNorm, network }) => {
    const total = units[0]!.gradient / topNorm;
    return `${network}: ${formatNumber(total ** (1 / units.length))} per unit, ${formatNumber(total)} over ${units.length} units.`;
  });
  return lines(
    splits.map(({ units, topNorm, ...split }) => ({
      name: called(split, splits),
      x: units.map((_, i) => i + 1),
      y: units.map((_, i) => positive(units[units.length - 1 - i]!.gradient / topNorm)),
    })),
    {
      title: "Product against sum: the gradient's size over depth",
      x: { title: "units passed on the way down from the loss" },
      y: { title: "norm of dE/dx (1 = after the last unit)", scale: "log" },
      ...options,
      caption: [options.caption ?? "", "Mean factors:", ...factors].join(" ").trim(),
    },
  );
}

/**
 * The shortcut's share of the gradient at each unit, for several networks or moments.
 *
 * @example
 * ```ts
 * const unit = {
 *   name: "unit",
 *   shortcut: "identity",
 *   shape: [2],
 *   gradient: Float32Array.of(1, 2),
 *   carried: Float32Array.of(1, 0),
 *   residual: Float32Array.of(0, 2),
 * };
 * const split = analysis.splitTrace({ network: "net", moment: "now", units: [unit], topNorm: 1 });
 * plot.shortcutShare([split]).data.length; // 1
 * ```
 */
export function shortcutShare(splits: readonly GradientSplit[], options: GradientFigureOptions = {}): Figure {
  onlyKnown("shortcutShare", options, figureOptions);
  return lines(
    splits.map(({ units, ...split }) => ({
      name: called(split, splits),
      y: units.map(({ share }) => share),
    })),
    {
      title: "The shortcut's share of the gradient at each unit",
      x: { title: "unit, counted from the images" },
      y: { title: "share of dE/dx (1 = all of it)" },
      caption: "The term's projection on dE/dx. Over 1: the residual's term points the other way.",
      ...options,
    },
  );
}

/**
 * The cosine of the angle between the two terms at each unit.
 *
 * @example
 * ```ts
 * const unit = {
 *   name: "unit",
 *   shortcut: "identity",
 *   shape: [2],
 *   gradient: Float32Array.of(1, 2),
 *   carried: Float32Array.of(1, 0),
 *   residual: Float32Array.of(0, 2),
 * };
 * const split = analysis.splitTrace({ network: "net", moment: "now", units: [unit], topNorm: 1 });
 * plot.termsCosine([split]).data.length; // 1
 * ```
 */
export function termsCosine(splits: readonly GradientSplit[], options: GradientFigureOptions = {}): Figure {
  onlyKnown("termsCosine", options, figureOptions);
  return lines(
    splits.map(({ units, ...split }) => ({
      name: called(split, splits),
      y: units.map(({ cosine }) => cosine),
    })),
    {
      title: "The angle between the two terms",
      x: { title: "unit, counted from the images" },
      y: { title: "cosine" },
      caption:
        "1: the terms point the same way. 0: they are orthogonal. Below 0: they work against each other.",
      ...options,
    },
  );
}

/**
 * The two parts of `analysis.backwardOne` or `forwardSum` at each unit: the 1 and the sum.
 *
 * @example
 * ```ts
 * const network = nn.cifarResNet({
 *   depth: 14,
 *   widths: [2, 2, 2],
 *   inputShape: [8, 8, 1],
 *   order: "preActivation",
 * });
 * plot.oneAndSum(await analysis.forwardSum(network, tf.ones([2, 8, 8, 1]))).data.length; // 2
 * ```
 */
export function oneAndSum(report: IdentityReport, options: GradientFigureOptions = {}): Figure {
  onlyKnown("oneAndSum", options, figureOptions);
  const names = report.rows.map(({ from }) => from);
  return lines(
    [
      { name: "the 1", y: report.rows.map(({ one }) => positive(one)) },
      { name: "the sum", y: report.rows.map(({ sum }) => positive(sum)) },
    ],
    {
      title: `The 1 and the sum: ${report.network}`,
      x: { title: `unit l, from ${names[0]!} to ${names.at(-1)!}` },
      y: { title: "Euclidean norm", scale: "log" },
      ...options,
    },
  );
}

/** Network and moment, or one of them where the other is the same throughout. */
function called(
  { network, moment }: Pick<GradientSplit, "network" | "moment">,
  splits: readonly GradientSplit[],
): string {
  const same = (key: "network" | "moment") => splits.every((split) => split[key] === splits[0]![key]);
  if (same("moment")) return network;
  return same("network") ? moment : `${network}, ${moment}`;
}

/** A value on a logarithmic axis, which has no place for 0. */
const positive = (value: number): number | null => (value > 0 ? value : null);
