// Exam questions on chapters 08 to 12: pre-activation, readings of depth, relatives, claims, the residual stream.
import { analysis, nn } from "residual";
import { agreed, inFormula, powerOfTen, shown, type ExamQuestion } from "./question";

const exactOrders = Object.entries(nn.unitOrders)
  .filter(([, { afterAddition }]) => afterAddition.length === 0)
  .map(([name]) => name);

const normalised = agreed(
  1 + 63,
  Array.from({ length: 63 }).reduce<number>((variance) => variance + 1, 1),
);
const proportional = agreed(
  2 ** 63,
  Array.from({ length: 63 }).reduce<number>((variance) => variance + variance, 1),
);

const ofLengthFour = agreed((12 * 11 * 10 * 9) / 24, analysis.pathCounts(12)[4]!);
const allPaths = agreed(2 ** 12, analysis.enumeratePaths(12).length);

const euler = (units: number): number =>
  Array.from({ length: units }).reduce<number>((x) => x - x / units, 1);
const twoUnits = agreed(0.5 ** 2, euler(2));
const fourUnits = agreed(0.75 ** 4, euler(4));

/** Channels behind the first dense block: what enters the first transition. */
function channelsOfBlock(growth: number): number {
  let shape: readonly number[] = [32, 32, 3];
  for (const [name, part] of Object.entries(nn.cifarDenseNetArchitecture({ depth: 40, growth }).parts)) {
    if (name === "transition1") break;
    shape = part.outputShape(shape);
  }
  return shape.at(-1)!;
}
const dense = agreed(16 + 12 * 24, channelsOfBlock(24));

const expectedUnits = agreed(
  Array.from({ length: 54 }, (_, i) => 1 - ((i + 1) / 54) * 0.5).reduce((sum, share) => sum + share, 0),
  54 - (0.5 * 55) / 2,
);

const gate = agreed(1 / (1 + Math.exp(2)), (1 - Math.tanh(1)) / 2);

const hoursOfRun = agreed(
  (64_000 * 128) / 1_200 / 3_600 + (10 * 10_000) / 4_000 / 3_600,
  (64_000 * 128 * 4_000 + 10 * 10_000 * 1_200) / (1_200 * 4_000 * 3_600),
);
const runs = agreed(
  Math.floor(12 / hoursOfRun),
  Array.from({ length: 100 }, (_, i) => i + 1).filter((count) => count * hoursOfRun <= 12).length,
);

const overUnits = (count: number, unit: (value: number) => number): number =>
  Array.from({ length: count }).reduce<number>((value) => unit(value), 1);
const grownWhole = agreed(
  2 ** 64,
  overUnits(64, (variance) => variance + variance),
);
const grownScaled = agreed(
  (1 + 1 / 64) ** 64,
  overUnits(64, (variance) => variance + variance * (1 / Math.sqrt(64)) ** 2),
);
const alongShortcuts = agreed(
  2 ** -12,
  overUnits(24, (gradient) => gradient / Math.sqrt(1 + 1)),
);

export const questions: readonly ExamQuestion[] = [
  {
    chapter: "08",
    points: 5,
    question: String.raw`Name $h$ and $f$ of a residual unit. The course holds five orders as data: ${Object.keys(nn.unitOrders).join(", ")}. In which of them is $x_L = x_l + \sum_i F(x_i)$ exact between any two units of a stage? Which property decides it?`,
    answer: String.raw`$h$ is what stands on the shortcut, $f$ what follows the addition. The sum is exact where both are the identity. With identity shortcuts that are the orders without anything after the addition: ${exactOrders.join(", ")}.`,
    wrong: String.raw`"All of them, since all have shortcuts", or full pre-activation alone. What counts is that nothing follows the addition.`,
  },
  {
    chapter: "08",
    points: 6,
    question: String.raw`Start with variance 1 and take $x_l$ and $F_l$ as uncorrelated. After 63 units, what is the variance if each residual is normalised to variance 1? And if each residual has the variance of its input? By what factor did the signal itself (its standard deviation) grow in the first case?`,
    answer: String.raw`Normalised: $1 + 63 = ${shown(normalised)}$, so the signal grew by a factor of ${shown(Math.sqrt(normalised))}. In proportion: it doubles with each unit, $2^{63} = ${powerOfTen(proportional)}$.`,
    wrong: String.raw`A factor of ${shown(normalised)} for the signal. Variances add up, standard deviations do not.`,
  },
  {
    chapter: "08",
    points: 6,
    question: String.raw`Derive $\partial E / \partial x_l$ from $x_L = x_l + \sum F(x_i)$. Which part of it does not pass through any weights? What would have to happen for the gradient to be zero all the same, and why does the identity paper call that unlikely?`,
    answer: String.raw`$\frac{\partial E}{\partial x_l} = \frac{\partial E}{\partial x_L} \bigl( 1 + \frac{\partial}{\partial x_l} \sum_i F(x_i) \bigr)$. The 1 passes through no weights. The second part would have to be exactly -1, for all images of a batch at once, which is unlikely. (It is an argument, not a proof: nothing forbids it.)`,
    wrong: String.raw`A product over the units, as in a plain network. It differentiates the chain and forgets the sum.`,
  },
  {
    chapter: "09",
    points: 4,
    question: String.raw`A residual network has 12 units. How many paths lead through it, how many of them pass exactly four units? How many are left if one unit is deleted?`,
    answer: String.raw`$2^{12} = ${inFormula(allPaths)}$ paths, of which $\binom{12}{4} = ${shown(ofLengthFour)}$ pass four units. Half are left, ${shown(allPaths / 2)}: those that skipped the unit.`,
    wrong: String.raw`13 paths (that is the number of lengths), or 11 twelfths left.`,
  },
  {
    chapter: "09",
    points: 6,
    question: String.raw`What does the reading as an ensemble of paths predict if one unit of a trained residual network is deleted, and if one of a plain network is? Name an observation of chapter 09 that speaks for the reading, and a reason why residual networks are nevertheless no ensemble.`,
    answer: String.raw`In the residual network half of the paths stay, so the error should rise a little; in the plain one the only path is gone, and it should rise far, up to guessing. Lesions show that difference, although any reading that has an identity in it predicts it too. No ensemble it is because the paths share their weights and were trained together, and each unit sees what all paths before it have left, while the members of an ensemble are trained alone and averaged. For a network that is not linear the sum over paths is a manner of speaking about the output; it is exact for the gradient.`,
    wrong: String.raw`"Deleting a unit removes one of many networks." It removes half of all paths at once.`,
  },
  {
    chapter: "09",
    points: 5,
    question: String.raw`Follow $\dot x = -x$ from $x = 1$ for a time of 1, with two and with four residual units as Euler steps. What does each give, what is exact? What would a trained network have to show for this reading to hold of it?`,
    answer: String.raw`Two units: $(1 - 1/2)^2 = ${shown(twoUnits, 2)}$. Four: $(1 - 1/4)^4 = ${shown(fourUnits, 3)}$. Exact: $e^{-1} = ${shown(Math.exp(-1), 3)}$. In a trained network neighbouring units would have to compute nearly the same function, and $F$ to shrink as units are added, so that splitting each unit into two half steps hardly changes the output. Nothing in training asks for it, so it has to be measured.`,
    wrong: String.raw`Steps of length 1 whatever the number of units. More units then mean more time, not a finer curve.`,
  },
  {
    chapter: "10",
    points: 4,
    question: String.raw`A dense block begins with 16 channels and has 12 layers with a growth rate of 24. How many channels leave it? What does a residual stage of the same depth do to the number of channels, and what is lost there that is kept here?`,
    answer: String.raw`$16 + 12 \cdot 24 = ${shown(dense)}$. A residual stage keeps its number of channels, because it adds. A sum cannot be taken apart again, while a concatenation keeps every layer's output for all later layers.`,
    wrong: String.raw`$24 \cdot 12$, without the channels that entered. The block hands its input on as well.`,
  },
  {
    chapter: "10",
    points: 4,
    question: String.raw`Stochastic depth keeps unit $l$ of 54 with a probability that falls evenly from almost 1 to 0.5, $p_l = 1 - \frac{l}{54} \cdot 0.5$. How many units does a training step use on average? What must be done in inference?`,
    answer: String.raw`$54 - \frac{0.5}{54} \cdot \frac{54 \cdot 55}{2} = ${shown(expectedUnits, 2)}$ units. In inference all units are there, each residual times its $p_l$, so that the mean is that of training.`,
    wrong: String.raw`27 units, from the smallest probability taken for all.`,
  },
  {
    chapter: "10",
    points: 4,
    question: String.raw`A Highway layer is $y = H(x)\,T(x) + x\,(1 - T(x))$ with $T = \sigma(W x + b)$. At the start $W x$ is about 0 and $b = -2$. What share of $x$ is carried, and what of it arrives after many such layers? What is the difference to a residual unit?`,
    answer: String.raw`$T = \sigma(-2) = ${shown(gate, 3)}$, so ${shown(1 - gate, 3)} of $x$ is carried in each layer, and after $L$ layers that to the power of $L$. A residual unit carries all of $x$ and has no parameters for it; its shortcut is never closed.`,
    wrong: String.raw`${shown(gate, 3)} as the share carried. It takes $T$ for the carry gate.`,
  },
  {
    chapter: "11",
    points: 4,
    question: String.raw`A run takes 64,000 steps with batches of 128. The machine trains 1,200 images a second and tests 4,000. Each run is tested ten times on 10,000 images. How long is a run, and how many runs fit into 12 hours, one after the other?`,
    answer: String.raw`$64{,}000 \cdot 128 / 1{,}200$ s and $10 \cdot 10{,}000 / 4{,}000$ s, together ${shown(hoursOfRun, 2)} h. ${shown(runs)} whole runs.`,
    wrong: String.raw`${shown(12 / hoursOfRun, 1)} runs. A run that does not finish has not seen the last division of the rate.`,
  },
  {
    chapter: "11",
    points: 6,
    question: String.raw`Write a claim about one row of Table 6 with everything that has to be fixed before the first run, and the rule for its three verdicts. Which of your choices, made afterwards, would let you get the verdict that you want?`,
    answer: String.raw`Row and number; data and split; recipe; number of seeds; which error counts (after the last step); the interval of the mean and the reference's interval; reproduced: the interval lies within the reference's, or overlaps it and is no wider; not reproduced: no overlap; undecided: all else. Any of them chosen afterwards would do: leaving out seeds, taking the best epoch, stopping when it fits, another interval. A point for each of six.`,
    wrong: String.raw`A rule with two verdicts. A wide interval is then counted as success.`,
  },
  {
    chapter: "11",
    points: 4,
    question: String.raw`A paper reports the lowest test error over all epochs, from the best of five seeds. Is that number too high or too low as an estimate of what a reader would get with one run, and by which two steps did it come to be so? What should be reported?`,
    answer: String.raw`Too low, twice: once by choosing an epoch on the test set, once by choosing a seed by it. Report the error after the last step (or at an epoch that a validation set has chosen), as a mean over all seeds with its interval.`,
    wrong: String.raw`"It is the network's potential." With more epochs and more seeds it sinks further, and the network stays as it is.`,
  },
  {
    chapter: "12",
    points: 5,
    question: String.raw`A network of 64 residual units has no norm. At the start each branch gives the variance that it gets, and has nothing to do with the stream that it is added to. By which factor does the stream's variance grow, with the branches as they are and with each times $1/\sqrt{64}$? Which of the two answers changes little if there are 1,000 units, with the square root changed accordingly?`,
    answer: String.raw`As they are each unit doubles it: $2^{64} = ${powerOfTen(grownWhole)}$. Scaled, a unit multiplies it by $1 + 1/64$, in all ${shown(grownScaled, 2)}. The second: $(1 + 1/L)^L$ never reaches $e = ${shown(Math.E, 2)}$, however large $L$ is.`,
    wrong: String.raw`65, by adding 1 for each unit. That is the law with a norm at the head of the branch, whose output then has the variance 1 whatever the stream has.`,
  },
  {
    chapter: "12",
    points: 5,
    question: String.raw`A Transformer normalises after the sum, and at the start branch and stream have the variance 1 each. By which factor does one unit multiply a gradient that comes back along its shortcut, and by which do 24 units? What is there in its place if the norm stands at the head of the branch, and what is the price?`,
    answer: String.raw`The norm divides by the deviation of the sum, $\sqrt{2}$, so $1/\sqrt{2}$ a unit and $2^{-12} = ${powerOfTen(alongShortcuts)}$ over 24. (The whole gradient falls less, because the branches bring some of it back.) With the norm in the branch the factor along the shortcuts is 1. The price: nothing holds the stream, it grows like the root of the number of units, and the late units are small beside it.`,
    wrong: String.raw`$\tfrac12$ a unit. Variances add up; what the norm divides by is their root.`,
  },
];
