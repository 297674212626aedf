// Calls the learner's unit on one input.
import { check, runtime, shapes } from "residual";

const { tf } = runtime;

type Unit = (...inputs: shapes.Shape[]) => shapes.Shape | Promise<shapes.Shape>;

/** By question. */
export const drives: Readonly<Record<string, check.Drive>> = {
  "growing-unit": async ({ growingUnit }, input) => {
    const { x, first, second } = input as Record<string, check.PlainTensor>;
    const [images, ...kernels] = [x!, first!, second!].map((plain) => check.tensor(plain));
    const { tensor } = await (growingUnit as Unit)(
      shapes.shaped(images!, ["N", 32, 32, 16]),
      shapes.shaped(kernels[0]!, [3, 3, 16, 32]),
      shapes.shaped(kernels[1]!, [3, 3, 32, 32]),
    );
    // Every 5th row and column, every channel: enough to tell, and small.
    const rows = tf.range(0, tensor.shape[1] ?? 1, 5, "int32");
    return check.plain(tf.gather(tf.gather(tensor, rows, 1), rows, 2));
  },
};
