// What the notebook checks of a receptive field: small stacks that can be drawn on squared paper.
import { check } from "residual";
import { cases } from "./cases";

const layer = (kernel: number, stride = 1) => ({ kernel, stride });

/** Worked by hand. */
export const byHand: readonly check.CaseProperty[] = [
  {
    id: "small-stacks",
    title: "it is right for stacks that can be drawn",
    points: 2,
    ...check.worked(
      [
        {
          input: [layer(3), layer(3)],
          right: 5,
          slips: [
            {
              mistake: "adds-whole-kernels",
              message: "two windows side by side would be 6 pixels: these overlap by one",
              gives: 6,
            },
            {
              mistake: "multiplies-the-kernels",
              message: "the windows do not lie side by side: they overlap",
              gives: 9,
            },
            {
              mistake: "starts-from-nothing",
              message: "without a layer a feature is a pixel: start from 1",
              gives: 4,
            },
          ],
        },
        {
          input: [layer(7, 2), layer(3, 2)],
          right: 11,
          slips: [
            {
              mistake: "ignores-the-strides",
              message: "behind the first stride of 2, neighbours are two pixels apart",
              gives: 9,
            },
            {
              mistake: "takes-the-stride-too-early",
              message: "a layer's own stride spreads its outputs: its kernel still steps over its inputs",
              gives: 21,
            },
          ],
        },
        { input: [], right: 1 },
      ],
      { what: "the side of the receptive field" },
    ),
  },
];

/** What the notebook checks: all that is graded, with public numbers. */
export const properties: readonly check.Property[] = [...byHand, ...check.published(cases)];
