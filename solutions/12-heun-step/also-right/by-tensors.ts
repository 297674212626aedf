// States as tensors; the field still takes and gives lists.
import { runtime } from "residual";

const { tf } = runtime;

type State = readonly number[];
type Field = (x: State, t: number) => number[];

export async function heun(field: Field, x: State, from: number, to: number, steps: number) {
  const slopeAt = async (state: runtime.tf.Tensor1D, t: number) =>
    tf.tensor1d(field(Array.from(await state.data()), t));
  let state = tf.tensor1d([...x]);
  for (let step = 1; step <= steps; step++) {
    const [before, after] = [step - 1, step].map((k) => from + (k / steps) * (to - from));
    const here = await slopeAt(state, before!);
    const there = await slopeAt(tf.add(state, tf.mul(here, (to - from) / steps)), after!);
    state = tf.add(state, tf.mul(tf.mean(tf.stack([here, there]), 0), (to - from) / steps));
  }
  return state;
}

export function observedOrder(...ends: readonly State[]) {
  return tf.tidy(() => {
    const [coarse, middle, fine] = ends.map((end) => tf.tensor1d([...end]));
    const ratio = tf.div(tf.norm(tf.sub(coarse!, middle!)), tf.norm(tf.sub(middle!, fine!)));
    return tf.div(tf.log(ratio), Math.LN2);
  });
}
