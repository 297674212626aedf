// What the notebook checks of a bottleneck's cost: units so small that their weights can be counted on paper.
import { check } from "residual";
import { cases } from "./cases";

/** Worked by hand. */
export const byHand: readonly check.CaseProperty[] = [
  {
    id: "identity-shortcut",
    title: "it is right for a small unit with an identity shortcut",
    points: 1,
    ...check.worked(
      [
        // Weights 4, 9 and 4; channels 1, 1 and 4, two numbers each; all on 3x3 pixels.
        {
          input: { size: 3, inChannels: 4, width: 1, stride: 1, strideOn: "1x1" },
          right: { parameters: 29, multiplyAdds: 153 },
          slips: [
            {
              mistake: "bias-in-front-of-norm",
              message:
                "each convolution has a bias here: a normalisation follows, whose shift makes it useless, so there is none",
              gives: { parameters: 35, multiplyAdds: 153 },
            },
            {
              mistake: "forgets-the-norms",
              message: "the normalisations' scales and shifts are trained too: two for each channel",
              gives: { parameters: 17, multiplyAdds: 153 },
            },
            {
              mistake: "projects-always",
              message: "this unit's shortcut is the identity: its input has the output's shape",
              gives: { parameters: 53, multiplyAdds: 297 },
            },
          ],
        },
      ],
      { what: "the cost" },
    ),
  },
];

/** What the notebook checks: all that is graded, with public numbers. */
export const properties: readonly check.Property[] = [...byHand, ...check.published(cases)];
