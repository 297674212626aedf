// What the notebook checks of the paddings: the sizes of the papers' networks.
import { check } from "residual";
import { cases } from "./cases";

const padding = (before: number, after: number, output: number) => ({ before, after, output });

/** Worked by hand. */
export const byHand: readonly check.CaseProperty[] = [
  {
    id: "at-stride-one",
    title: "at stride 1 the two agree",
    points: 1,
    ...check.worked(
      [
        {
          input: { n: 32, k: 3, s: 1 },
          right: { symmetric: padding(1, 1, 32), same: padding(1, 1, 32) },
          slips: [
            {
              mistake: "pads-by-the-kernel",
              message: "as many zeros as the kernel is wide: only as many as stick out beyond its middle",
              gives: { symmetric: padding(3, 3, 36), same: padding(1, 1, 32) },
            },
            {
              mistake: "counts-windows-between",
              message: "one output is missing: the first window counts before any step is taken",
              gives: { symmetric: padding(1, 1, 31), same: padding(1, 1, 32) },
            },
          ],
        },
      ],
      { what: "the paddings" },
    ),
  },
  {
    id: "stage-begins",
    title: "where a stage of a CIFAR network begins, they differ",
    points: 1,
    ...check.worked(
      [
        {
          input: { n: 32, k: 3, s: 2 },
          right: { symmetric: padding(1, 1, 16), same: padding(0, 1, 16) },
          slips: [
            {
              mistake: "takes-same-for-symmetric",
              message: "`same` is padded on both sides: it adds only as many zeros as its outputs need",
              gives: { symmetric: padding(1, 1, 16), same: padding(1, 1, 16) },
            },
            {
              mistake: "puts-the-odd-zero-before",
              message: "TensorFlow puts the odd zero after the pixels",
              gives: { symmetric: padding(1, 1, 16), same: padding(1, 0, 16) },
            },
          ],
        },
      ],
      { what: "the paddings" },
    ),
  },
];

/** What the notebook checks: all that is graded, with public numbers. */
export const properties: readonly check.Property[] = [...byHand, ...check.published(cases)];
