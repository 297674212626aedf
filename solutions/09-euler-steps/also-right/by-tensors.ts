// States as tensors; the field still takes and gives lists.
import { runtime } from "residual";

type Field = (x: readonly number[]) => number[];

export async function evolve(field: Field, x: readonly number[], time: number, units: number) {
  const { tf } = runtime;
  const states = [tf.tensor1d([...x])];
  for (let unit = 0; unit < units; unit++) {
    const state = states[unit]!;
    const slope = field(Array.from(await state.data()));
    states.push(tf.tidy(() => tf.add(state, tf.mul(tf.tensor1d(slope), time / units))));
  }
  return tf.stack(states);
}
