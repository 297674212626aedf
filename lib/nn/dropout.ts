// What is left out at random in training: features (dropout), shortcuts, and whole residuals (stochastic depth).
import * as tf from "@tensorflow/tfjs-core";
import { fixedGate, type Gate, type UnitPlace } from "./gate.js";
import { leaf, type Layer, type Mode } from "./layer.js";

/** Ones with probability `keep` and zeros, of that shape. */
function kept(shape: readonly number[], keep: number, mode: Mode): tf.Tensor {
  if (!mode.random) {
    throw new Error(
      "a layer that draws at random in training needs random draws; got none: give forward " +
        "{ training: true, random: runtime.randomDraws(runtime.stepSeed(seed, step)) }",
    );
  }
  return tf.cast(tf.less(mode.random.uniform([...shape] as [number]), keep), "float32");
}

/**
 * Dropout (Srivastava et al. 2014): in training each value is 0 with probability `rate`, and the others are divided by 1 - rate, so that
 * their expectation stays; in inference it does nothing.
 *
 * @example
 * ```ts
 * nn.dropout(0.5).outputShape([8, 8, 16]); // [8, 8, 16]
 * ```
 */
export function dropout(rate: number): Layer {
  return leaf({
    kind: `dropout ${rate}`,
    forward: (x, mode) =>
      mode.training && rate > 0
        ? tf.tidy(() => tf.div(tf.mul(x, kept(x.shape, 1 - rate, mode)), 1 - rate))
        : x,
    outputShape: (input) => input,
    ...(rate === 0 && { activations: () => 0 }),
  });
}

/**
 * Dropout of the shortcut's output (identity paper, section 3.1, Figure 2 (f)). As the paper describes it, it puts a factor of expectation
 * 1 - rate on the shortcut: what is kept in training is not scaled up, and in inference the shortcut is multiplied by 1 - rate.
 *
 * @example
 * ```ts
 * nn.dropoutShortcutGate(0.5).kind; // "dropout of the shortcut"
 * ```
 */
export function dropoutShortcutGate(rate: number): Gate {
  return fixedGate("dropout of the shortcut", 1, (mode) => ({
    shortcut: mode.training ? (h) => kept(h.shape, 1 - rate, mode) : 1 - rate,
  }));
}

/**
 * Stochastic depth (Huang et al. 2016, equations 2 and 5): in training the residual of unit l of L is there with probability p_l, one draw
 * for the whole batch; in inference it is multiplied by p_l. Survival falls linearly, p_l = 1 - l / L (1 - p_L) (equation 4).
 *
 * The residual is computed also where it is then left out: a step has the same operations each time, and can be compiled.
 *
 * @param lastSurvival p_L; 0.5 in the paper
 *
 * @example
 * ```ts
 * nn.stochasticDepthGate({ index: 1, count: 3 }, 0.5).kind; // "stochastic depth, p = 0.833"
 * ```
 */
export function stochasticDepthGate({ index, count }: UnitPlace, lastSurvival: number): Gate {
  const survival = 1 - (index / count) * (1 - lastSurvival);
  return fixedGate(`stochastic depth, p = ${Number(survival.toPrecision(3))}`, 1, (mode) => ({
    residual: mode.training ? () => kept([1, 1, 1, 1], survival, mode) : survival,
  }));
}
