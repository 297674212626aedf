// The public cases: numbers alone, no rule. Written by npm run exercises from what the grader asks; never by hand.
import type { check } from "residual";

/** By property. */
export const cases: readonly check.PublishedProperty[] = [
  {
    id: "edges",
    title: "every change comes at its step",
    points: 3,
    examples: [
      { "input": { "steps": [0, 20, 400, 401, 402, 31999, 32000, 32400, 47999, 48000, 48400, 63999], "warmUp": 401 }, "right": [0.01, 0.01, 0.01, 0.1, 0.1, 0.1, 0.01, 0.01, 0.01, 0.001, 0.001, 0.001], "what": "the list of rates", "slips": [{ "mistake": "one-step-late", "message": "the edges are one step late: a division at 32,000 holds for step 32,000, and the warm-up has warmUp steps, 0 to warmUp - 1", "gives": [0.01, 0.01, 0.01, 0.01, 0.1, 0.1, 0.1, 0.01, 0.01, 0.01, 0.001, 0.001] }, { "mistake": "divides-once", "message": "at 48,000 the rate is divided again: it is then a hundredth of the first", "gives": [0.01, 0.01, 0.01, 0.1, 0.1, 0.1, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01] }, { "mistake": "ignores-the-warm-up", "message": "the first steps are taken at 0.1 although a warm-up is asked for", "gives": [0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.01, 0.01, 0.01, 0.001, 0.001, 0.001] }, { "mistake": "ramps-up", "message": "the warm-up climbs to 0.1: today's recipes do that, the paper stays at 0.01 and then jumps", "gives": [0.0002493765586, 0.005236907731, 0.1, 0.1, 0.1, 0.1, 0.01, 0.01, 0.01, 0.001, 0.001, 0.001] }, { "mistake": "warm-up-delays-the-schedule", "message": "the warm-up's steps are not counted: the divisions come that much too late", "gives": [0.01, 0.01, 0.01, 0.1, 0.1, 0.1, 0.1, 0.1, 0.01, 0.01, 0.01, 0.001] }, { "mistake": "counts-epochs", "message": "the rate falls at 32 and 48: the paper counts steps, each of one batch, not epochs", "gives": [0.01, 0.01, 0.01, 0.001, 0.001, 0.001, 0.001, 0.001, 0.001, 0.001, 0.001, 0.001] }] },
    ],
  },
];
