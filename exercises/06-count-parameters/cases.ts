// The public cases: numbers alone, no rule. Written by npm run exercises from what the grader asks; never by hand.
import type { check } from "residual";

/** By property. */
export const cases: readonly check.PublishedProperty[] = [
  {
    id: "exact",
    title: "it is exact for any depth and number of classes",
    points: 3,
    examples: [
      { "input": { "depth": 20, "classes": 56 }, "right": 272712, "what": "the number of parameters", "slips": [{ "mistake": "bias-in-front-of-norm", "message": "each convolution has a bias here: a normalisation follows, whose shift makes it useless, so there is none", "gives": 273400 }, { "mistake": "forgets-the-norms", "message": "the normalisations' scales and shifts are not counted: two for each channel", "gives": 271336 }, { "mistake": "counts-running-statistics", "message": "running means and variances are counted: they are not trained", "gives": 274088 }, { "mistake": "off-by-one-unit", "message": "one unit in each stage too many or too few: depth = 6n + 2 counts the first convolution and the classifier", "gives": 369928 }, { "mistake": "projects-the-shortcuts", "message": "these are option B's shortcuts: on CIFAR-10 the paper takes option A, which has no parameters", "gives": 275464 }, { "mistake": "forgets-the-classifiers-bias", "message": "the fully connected layer has a bias for each class: no normalisation follows it", "gives": 272656 }, { "mistake": "widens-the-first-convolution", "message": "a stage's first convolution is counted with the stage's channels on both sides: it still gets those of the stage before", "gives": 295752 }] },
      { "input": { "depth": 8, "classes": 23 }, "right": 76135, "what": "the number of parameters", "slips": [{ "mistake": "bias-in-front-of-norm", "message": "each convolution has a bias here: a normalisation follows, whose shift makes it useless, so there is none", "gives": 76375 }, { "mistake": "forgets-the-norms", "message": "the normalisations' scales and shifts are not counted: two for each channel", "gives": 75655 }, { "mistake": "counts-running-statistics", "message": "running means and variances are counted: they are not trained", "gives": 76615 }, { "mistake": "off-by-one-unit", "message": "one unit in each stage too many or too few: depth = 6n + 2 counts the first convolution and the classifier", "gives": 173351 }, { "mistake": "projects-the-shortcuts", "message": "these are option B's shortcuts: on CIFAR-10 the paper takes option A, which has no parameters", "gives": 78887 }, { "mistake": "forgets-the-classifiers-bias", "message": "the fully connected layer has a bias for each class: no normalisation follows it", "gives": 76112 }, { "mistake": "widens-the-first-convolution", "message": "a stage's first convolution is counted with the stage's channels on both sides: it still gets those of the stage before", "gives": 99175 }] },
    ],
  },
];
