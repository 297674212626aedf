// What the notebook checks: examples that can be worked by hand.
import { check } from "residual";
import { cases } from "./cases";

/** Worked by hand. */
export const byHand: readonly check.CaseProperty[] = [
  {
    id: "half-and-shut",
    title: "for gates that are half open and shut",
    points: 2,
    ...check.worked(
      [
        // W_T = 0 and a bias of 0: every gate is half open.
        {
          input: {
            x: [2, -4],
            transform: [
              [1, 0],
              [0, 1],
            ],
            gate: [
              [0, 0],
              [0, 0],
            ],
            bias: 0,
          },
          right: [2, -2],
          slips: [
            {
              mistake: "forgets-the-carry",
              message: "what the gate does not let through is lost: it is carried over from x",
              gives: [1, 0],
            },
            {
              mistake: "carries-everything",
              message: "all of x is added: the carry gate is 1 - T",
              gives: [3, -4],
            },
            {
              mistake: "forgets-the-sigmoid",
              message: "the gate is not squeezed between 0 and 1: T is a sigmoid",
              gives: [2, -4],
            },
          ],
        },
        // A gate that is shut gives the input back.
        {
          input: {
            x: [2, -4],
            transform: [
              [1, 1],
              [1, 1],
            ],
            gate: [
              [0, 0],
              [0, 0],
            ],
            bias: -50,
          },
          right: [2, -4],
          slips: [
            {
              mistake: "swaps-the-gates",
              message:
                "with a bias far below zero the input should come back: T stands with H, and 1 - T with x",
              gives: [0, 0],
            },
          ],
        },
      ],
      { what: "the layer's output" },
    ),
  },
];

/** What the notebook checks: all that is graded, with public numbers. */
export const properties: readonly check.Property[] = [...byHand, ...check.published(cases)];
