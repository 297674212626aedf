// The public cases: numbers alone, no rule. Written by npm run exercises from what the grader asks; never by hand.
import type { check } from "residual";

/** By property. */
export const cases: readonly check.PublishedProperty[] = [
  {
    id: "deep-stacks",
    title: "it is right for deep stacks with strides",
    points: 3,
    examples: [
      { "input": [{ "kernel": 3, "stride": 2 }, { "kernel": 7, "stride": 2 }, { "kernel": 7, "stride": 1 }, { "kernel": 7, "stride": 3 }], "right": 63, "what": "the side of the receptive field", "slips": [{ "mistake": "ignores-the-strides", "message": "strides make no difference here: behind a stride of 2, neighbours are two pixels apart", "gives": 21 }, { "mistake": "takes-the-stride-too-early", "message": "a layer's own stride is counted for its own kernel: it spreads its outputs, not its inputs", "gives": 125 }, { "mistake": "starts-from-nothing", "message": "one pixel is missing: without a layer a feature sees 1", "gives": 62 }, { "mistake": "adds-whole-kernels", "message": "whole kernels are added: a kernel of k widens the view by k - 1 steps", "gives": 73 }, { "mistake": "multiplies-the-kernels", "message": "the kernels are multiplied, as if their windows lay side by side: they overlap", "gives": 1029 }, { "mistake": "takes-the-last-stride-only", "message": "a step is as wide as the stride of the layer just below: all the strides below multiply", "gives": 33 }] },
      { "input": [{ "kernel": 5, "stride": 1 }, { "kernel": 3, "stride": 2 }, { "kernel": 1, "stride": 2 }, { "kernel": 3, "stride": 1 }, { "kernel": 3, "stride": 1 }, { "kernel": 7, "stride": 2 }], "right": 47, "what": "the side of the receptive field", "slips": [{ "mistake": "ignores-the-strides", "message": "strides make no difference here: behind a stride of 2, neighbours are two pixels apart", "gives": 17 }, { "mistake": "takes-the-stride-too-early", "message": "a layer's own stride is counted for its own kernel: it spreads its outputs, not its inputs", "gives": 73 }, { "mistake": "starts-from-nothing", "message": "one pixel is missing: without a layer a feature sees 1", "gives": 46 }, { "mistake": "adds-whole-kernels", "message": "whole kernels are added: a kernel of k widens the view by k - 1 steps", "gives": 62 }, { "mistake": "multiplies-the-kernels", "message": "the kernels are multiplied, as if their windows lay side by side: they overlap", "gives": 945 }, { "mistake": "takes-the-last-stride-only", "message": "a step is as wide as the stride of the layer just below: all the strides below multiply", "gives": 19 }] },
    ],
  },
];
