// What the choice of test images adds to a comparison of two networks on the same ones.
import { train } from "residual";

/**
 * The standard deviation, in points, that the difference of two networks' errors has over other test images of the same kind. Both are judged on
 * the same images, so what is hard for both does not count: the deviation is that of each image's own difference, of its means over the runs,
 * divided by the root of the number of images.
 *
 * @throws RangeError where runs saw different numbers of images, or there are none
 */
export function imageDeviation(more: readonly train.RunRecord[], less: readonly train.RunRecord[]): number {
  const [a, b] = [wrongShares(more), wrongShares(less)];
  if (a.length !== b.length)
    throw new RangeError(`networks are compared on the same images; got ${a.length} and ${b.length} of them`);
  const differences = a.map((share, i) => share - b[i]!);
  const mean = differences.reduce((sum, one) => sum + one, 0) / differences.length;
  const squares = differences.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  return 100 * Math.sqrt(squares / (differences.length - 1) / differences.length);
}

/** Of each image, the share of the runs that classify it wrongly. */
function wrongShares(records: readonly train.RunRecord[]): readonly number[] {
  const [first, ...others] = records.map((record) => train.correctImages(record));
  if (!first) throw new RangeError("a comparison on images needs at least one run of each network");
  return first.map((_, i) => [first, ...others].filter((correct) => !correct[i]).length / records.length);
}
