// Exam questions on chapters 04 to 07: gradients, costs, the CIFAR family, loss surfaces.
import { analysis, autodiff, nn } from "residual";
import { agreed, inFormula, shown, type ExamQuestion } from "./question";

const slope = agreed(
  1 + 3 * 0.25 * 2 ** 2,
  autodiff
    .grad((x) =>
      autodiff.add(x, autodiff.scale(autodiff.multiply(x, autodiff.multiply(x, x)), { factor: 0.25 })),
    )(2)[0]!
    .item(),
  1e-6,
);

const lowest = agreed(0.9 ** 54, Math.exp(54 * Math.log(0.9)));
const highest = agreed(1.1 ** 54, Math.exp(54 * Math.log(1.1)));

const work = (inChannels: number, outChannels: number, kernel: number): number =>
  nn.conv2d(inChannels, outChannels, { kernel }).rows([56, 56, inChannels])[0]!.multiplyAdds;
const bottleneck = agreed(
  56 * 56 * (256 * 64 + 9 * 64 * 64 + 64 * 256),
  work(256, 64, 1) + work(64, 64, 3) + work(64, 256, 1),
);
const twoWide = agreed(56 * 56 * 2 * 9 * 256 * 256, 2 * work(256, 256, 3));

const field = agreed(
  7 + 2 * 2 + 2 * 4 + 2 * 4,
  nn
    .sequential({
      stem: nn.conv2d(3, 64, { kernel: 7, stride: 2 }),
      pool: nn.maxPool({ kernel: 3, stride: 2 }),
      first: nn.conv2d(64, 64, { kernel: 3 }),
      second: nn.conv2d(64, 64, { kernel: 3 }),
    })
    .receptiveField({ size: 1, step: 1 }).size,
);

const ofShare = (percent: number, images: number): number =>
  100 * Math.sqrt(((percent / 100) * (1 - percent / 100)) / images);
const ofDifference = agreed(
  Math.hypot(ofShare(24.52, 50_000), ofShare(24.19, 50_000)),
  Math.sqrt((24.52 * 75.48 + 24.19 * 75.81) / 50_000),
);

/** By the rule: the first convolution, n units in each stage, the classifier; two numbers a channel for each norm. */
function parametersByHand(depth: number): number {
  const n = (depth - 2) / 6;
  const convolution = (a: number, b: number) => 9 * a * b + 2 * b;
  const stage = (a: number, b: number) => convolution(a, b) + (2 * n - 1) * convolution(b, b);
  return convolution(3, 16) + stage(16, 16) + stage(16, 32) + stage(32, 64) + 64 * 10 + 10;
}
const ofResNet32 = agreed(parametersByHand(32), nn.parameterCount(nn.cifarArchitecture({ depth: 32 })));
const ofResNet38 = agreed(parametersByHand(38), nn.parameterCount(nn.cifarArchitecture({ depth: 38 })));

const reruns = [7.4, 7.29, 7.4, 6.89, 8.42, 7.95];
const rerun = analysis.meanInterval(reruns);
const halfOfRerun = agreed((2.571 * rerun.deviation) / Math.sqrt(6), rerun.upper - rerun.mean, 1e-3);

const epochs = agreed((64_000 * 128) / 45_000, 64_000 / (45_000 / 128));

const stretched = [3, 4].map((value) =>
  agreed((value * 13) / 5, (value * Math.hypot(5, 12)) / Math.hypot(3, 4)),
);

export const questions: readonly ExamQuestion[] = [
  {
    chapter: "04",
    points: 5,
    question: String.raw`A unit computes $y = x + 0.25\,x^3$ and $E = y$. Draw the graph, mark each way from $x$ to $E$, and compute $\partial E / \partial x$ at $x = 2$.`,
    answer: String.raw`Two ways lead from $x$ to the addition (the shortcut, and the cube, in which $x$ is used three times). Their gradients are added: $1 + 0.75\,x^2 = ${shown(slope)}$.`,
    wrong: String.raw`${shown(slope - 1)}, without the 1. It follows the layers back and forgets that the shortcut is a way too.`,
  },
  {
    chapter: "04",
    points: 6,
    question: String.raw`Batch norm in training computes $\hat x_i = (x_i - \mu) / \sqrt{\sigma^2 + \epsilon}$ with $\mu$ and $\sigma^2$ of the batch. Add the same constant to every $x_i$: what happens to the output? Conclude what $\sum_i \partial E / \partial x_i$ is, whatever $E$ is. What does it come to if $\mu$ and $\sigma^2$ are taken as constants?`,
    answer: String.raw`Nothing changes, since $\mu$ grows by the same constant. So the derivative of $E$ in the direction $(1, \dots, 1)$ is zero, and that derivative is $\sum_i \partial E / \partial x_i$. With constants for the statistics the sum is $\sum_i (\partial E / \partial \hat x_i) / \sqrt{\sigma^2 + \epsilon}$, which in general is not zero. That tells a wrong gradient from a right one without any other program.`,
    wrong: String.raw`Mean and variance taken as constants. It is the gradient of inference.`,
  },
  {
    chapter: "04",
    points: 6,
    question: String.raw`In one dimension every unit of a chain of 54 has a slope $F'$ between -0.1 and 0.1. Between which numbers lies the slope of the whole chain without shortcuts, and with them? What does the comparison prove about real networks, and what not?`,
    answer: String.raw`Without shortcuts it is a product of the slopes $F'$: at most $10^{-54}$ in size. With them it is a product of $1 + F'$: between $0.9^{54} = ${shown(lowest, 4)}$ and $1.1^{54} = ${shown(highest)}$. Multiplied out, it is 1 plus further terms: one way back has no factor at all. It proves that with shortcuts small slopes cannot make the gradient vanish as their product does. It does not say that a real network's slopes are small, nor that its 1 is not cancelled by the other terms.`,
    wrong: String.raw`"With shortcuts the gradient is 1 plus something, so it is at least 1." The something may be negative.`,
  },
  {
    chapter: "05",
    points: 5,
    question: String.raw`At 56×56, compare the multiply-adds of a bottleneck (256 to 64 by 1×1, 64 to 64 by 3×3, 64 to 256 by 1×1) with those of two 3×3 convolutions from 256 to 256. Which factor is it, and what does the bottleneck pay for it?`,
    answer: String.raw`Bottleneck: $56^2 (256 \cdot 64 + 9 \cdot 64^2 + 64 \cdot 256) = ${shown(bottleneck / 1e6)}$ million. Two wide convolutions: $56^2 \cdot 2 \cdot 9 \cdot 256^2 = ${inFormula(twoWide / 1e6)}$ million, ${shown(twoWide / bottleneck)} times as many. It pays with only one 3×3 convolution in place of two, on 64 channels, so it looks less far and mixes neighbours in a narrow space.`,
    wrong: String.raw`A factor of 4, from the ratio of the widths. Convolutions cost the product of both widths.`,
  },
  {
    chapter: "05",
    points: 4,
    question: String.raw`From the image up: 7×7 with stride 2, a 3×3 pool with stride 2, then two 3×3 convolutions with stride 1. How many pixels along one side does a number behind them depend on?`,
    answer: String.raw`7, then $+ 2 \cdot 2$, then twice $+ 2 \cdot 4$: ${shown(field)} pixels. A layer adds its kernel less one, times the product of all strides before it.`,
    wrong: String.raw`13 (two pixels for each 3×3 layer). It forgets that a step grows with each stride.`,
  },
  {
    chapter: "05",
    points: 5,
    question: String.raw`Table 3 of the ResNet paper gives ResNet-34 with option B a top-1 error of 24.52 %, with option C 24.19 %, each from one training and 50,000 images. How large is the chance part of the difference from the choice of images, if both were independent? What does the table say about B and C?`,
    answer: String.raw`Each number scatters by about $\sqrt{0.245 \cdot 0.755 / 50{,}000}$, or ${shown(ofShare(24.52, 50_000), 2)} points, their difference by ${shown(ofDifference, 2)}. The difference of 0.33 is hardly more. And each is one training: the spread over seeds is not in the table at all. So it does not show that C is better, and the paper itself says that projections are not essential.`,
    wrong: String.raw`"C is better, so projections everywhere help." It ranks by the second digit.`,
  },
  {
    chapter: "06",
    points: 5,
    question: String.raw`How many parameters has ResNet-32 for CIFAR-10 (option A, no bias in convolutions, batch norm with scale and shift)? Show the parts. By how many does ResNet-38 exceed it, and why by the same number as ResNet-44 exceeds ResNet-38?`,
    answer: String.raw`First convolution $3 \cdot 16 \cdot 9 + 32$; in each stage $2n = 10$ convolutions of $9 a b + 2 b$, the first of the second and third stage from half the channels; classifier $64 \cdot 10 + 10$. Together ${shown(ofResNet32)}. ResNet-38 has ${shown(ofResNet38 - ofResNet32)} more: one unit in each stage, and every further unit of a stage is alike.`,
    wrong: String.raw`Four numbers a channel for batch norm. Running averages are stored, and not trained.`,
  },
  {
    chapter: "06",
    points: 3,
    question: String.raw`The paper trains for 64,000 steps with batches of 128 on 45,000 images. How many epochs is that? Why does the paper's recipe count steps?`,
    answer: String.raw`$64{,}000 \cdot 128 / 45{,}000 = ${shown(epochs)}$ epochs. Steps fix the number of updates and the places where the rate is divided, whatever the size of the data set.`,
    wrong: String.raw`64,000 epochs. "32k" in the paper is a number of steps.`,
  },
  {
    chapter: "06",
    points: 6,
    question: String.raw`Six reruns of a ResNet-56 gave test errors of ${reruns.join(", ")} %. The paper reports 6.97. Compute the 95 % interval of the mean ($t_5 = 2.571$). Was the row reproduced? Name two reasons for a difference other than the network.`,
    answer: String.raw`Mean ${shown(rerun.mean, 2)}, deviation ${shown(rerun.deviation, 2)}, half width ${shown(halfOfRerun, 2)}: from ${shown(rerun.lower, 2)} to ${shown(rerun.upper, 2)}. 6.97 lies just ${rerun.lower <= 6.97 ? "inside" : "outside"}. But the paper's number is itself one run with a sampling error, so this alone decides little: it depends on the rule that was fixed beforehand. Other reasons: the split (45,000 or 50,000 training images), which epoch is reported, augmentation, where the zeros of option A stand.`,
    wrong: String.raw`"One run has 6.89, so it is reproduced." It takes the best run for the result.`,
  },
  {
    chapter: "06",
    points: 5,
    question: String.raw`ResNet-1202 reaches a training error under 0.1 % and a test error of 7.93 %, above ResNet-110's 6.43 %. Give the paper's explanation and another one, and an experiment that tells them apart.`,
    answer: String.raw`The paper: overfitting, since the network is needlessly large for this data, and no strong regularisation was used. Another: in the original order a ReLU follows each addition and cuts the signal hundreds of times, which makes it harder to optimise; with pre-activation networks of that kind of depth became better than shallower ones. To tell them apart: train the same depth with stronger regularisation, and with pre-activation, several seeds each; look at training and test error.`,
    wrong: String.raw`"Degradation again." Its training error is low, so it is not that.`,
  },
  {
    chapter: "07",
    points: 4,
    question: String.raw`A filter of a trained network is (5, 12), the same filter of a random direction (3, 4). Normalise the direction by filters. What happens to it if the network's filter is doubled, and why is that what one wants where a batch norm follows?`,
    answer: String.raw`$(3, 4) \cdot 13 / 5 = (${stretched.map((value) => shown(value, 1)).join(", ")})$. It doubles too. Behind the batch norm the doubled filter computes the same, so the picture should be the same, and it is: the step is as long in proportion.`,
    wrong: String.raw`(0.6, 0.8), a direction of length 1. It compares steps of one length in networks of different scales.`,
  },
  {
    chapter: "07",
    points: 6,
    question: String.raw`A plain network's surface looks rough, its residual twin's smooth. Name three things that such a picture cannot prove, each with what one would have to do.`,
    answer: String.raw`For example: that it looks so in other directions (draw several, and give a number with its spread); that training goes through what is drawn (draw the path's own plane, and say how much of the path lies in it); that smoothness is why it trains better (it may be a result of the same cause; change one without the other); that a wide minimum generalises (width depends on scaling; filter normalisation helps only in part). Two points each.`,
    wrong: String.raw`"The picture shows why residual networks train better." It shows two cuts through millions of dimensions.`,
  },
];
