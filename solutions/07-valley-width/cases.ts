// The public cases: numbers alone, no rule. Written by npm run exercises from what the grader asks; never by hand.
import type { check } from "residual";

/** By property. */
export const cases: readonly check.PublishedProperty[] = [
  {
    id: "ridges",
    title: "it is right for slices with ridges and lower valleys beyond",
    points: 3,
    examples: [
      { "input": { "alphas": [-1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1, 1.25], "losses": [0.3065, 2.217, 1.6098, 0.8156, 0.6119, 0.7128, 0.9018, 1.908, 2.4108, 0.4018], "rise": 0.5 }, "right": 0.8954713088, "what": "the width", "within": 0.000001, "slips": [{ "mistake": "counts-other-valleys", "message": "what lies beyond a ridge is counted: only the valley around 0 is asked for", "gives": 2.25 }, { "mistake": "snaps-to-the-points", "message": "the width ends at points of the list: the curve meets the level between two of them", "gives": 0.75 }, { "mistake": "measures-from-the-lowest-point", "message": "the level is taken from the lowest loss of the slice: it is the trained network's, at 0, that counts", "gives": 0.6127734141 }, { "mistake": "takes-the-rise-for-the-level", "message": "the level is the rise itself: it is the loss at 0 plus the rise", "gives": 0 }, { "mistake": "multiplies-the-loss", "message": "the loss at 0 is multiplied by the rise: the level is their sum", "gives": 0.7861742527 }, { "mistake": "doubles-one-side", "message": "one side is measured and doubled: a valley need not be symmetric", "gives": 1.104402703 }] },
      { "input": { "alphas": [-0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1], "losses": [2.808, 1.9158, 0.7681, 0.6078, 1.7082, 0.3627, 0.2041, 3.1183], "rise": 0.5 }, "right": 0.4375908741, "what": "the width", "within": 0.000001, "slips": [{ "mistake": "counts-other-valleys", "message": "what lies beyond a ridge is counted: only the valley around 0 is asked for", "gives": 1 }, { "mistake": "snaps-to-the-points", "message": "the width ends at points of the list: the curve meets the level between two of them", "gives": 0.25 }, { "mistake": "measures-from-the-lowest-point", "message": "the level is taken from the lowest loss of the slice: it is the trained network's, at 0, that counts", "gives": 0.1720655569 }, { "mistake": "takes-the-rise-for-the-level", "message": "the level is the rise itself: it is the loss at 0 plus the rise", "gives": 0 }, { "mistake": "multiplies-the-loss", "message": "the loss at 0 is multiplied by the rise: the level is their sum", "gives": 0.3503230265 }, { "mistake": "doubles-one-side", "message": "one side is measured and doubled: a valley need not be symmetric", "gives": 0.2271901127 }] },
    ],
  },
];
