// Exam questions on chapters 00 to 03: measuring, degradation, the residual block, shortcuts.
import { analysis, nn } from "residual";
import { agreed, powerOfTen, shown, type ExamQuestion } from "./question";

const outcomes = Array.from({ length: 10_000 }, (_, i) => (i < 875 ? 1 : 0));
const samplingDeviation = agreed(
  100 * Math.sqrt((0.0875 * 0.9125) / 10_000),
  (100 * analysis.meanInterval(outcomes).deviation) / Math.sqrt(10_000),
  1e-3,
);

const kernelParameters = agreed(
  3 * 3 * 8,
  nn
    .conv2d(1, 8, { kernel: 3 })
    .rows([14, 14, 1])
    .reduce((sum, { parameters }) => sum + parameters, 0),
);

const gaps = [0.21, 0.35, 0.28, 0.4];
const gap = analysis.meanInterval(gaps);
const half = agreed((3.182 * gap.deviation) / 2, gap.upper - gap.mean, 1e-3);

const product = agreed(0.8 ** 54, Math.exp(54 * Math.log(0.8)));

const decayed = agreed(
  (1 - 0.1 * 1e-4) ** 64_000,
  Array.from({ length: 64_000 }).reduce<number>((weight) => weight - 0.1 * 1e-4 * weight, 1),
  1e-6,
);

const projection = agreed(
  32 * 64 + 2 * 64,
  nn
    .projection({ inChannels: 32, outChannels: 64, stride: 2 })
    .rows([28, 28, 32])
    .reduce((sum, { parameters }) => sum + parameters, 0),
);

const carried = agreed(0.95 ** 27, Math.exp(27 * Math.log(0.95)));

const side = agreed(
  Math.floor((32 + 2 * 2 - 5) / 2) + 1,
  nn.conv2d(1, 1, { kernel: 5, stride: 2 }).outputShape([32, 32, 1])[0]!,
);
/** What TensorFlow's "same" adds in all: it wants ceil(32 / 2) windows. */
const sameZeros = agreed((side - 1) * 2 + 5 - 32, 2 * 2 - 1);

export const questions: readonly ExamQuestion[] = [
  {
    chapter: "00",
    points: 4,
    question: String.raw`A batch has the shape [128, 14, 14, 1]. What does each of the four numbers count? A convolution with a 3×3 kernel and 8 output channels, stride 1, one row of zeros on each side and no bias goes over it. Give the shape of the result and the number of its parameters.`,
    answer: String.raw`Images, height, width, channels. The result has the shape [128, 14, 14, 8]. There are 3 · 3 · 1 · 8 = ${shown(kernelParameters)} parameters, however many images and places there are.`,
    wrong: String.raw`A count that grows with the image or with the batch. It takes a convolution for a dense layer: the kernel is shared by all places.`,
  },
  {
    chapter: "00",
    points: 4,
    question: String.raw`A network errs on 8.75 % of 10,000 test images. How far would this number scatter, in percentage points, if the same network were tested on other 10,000 images of the same kind? Is the next network's 8.51 % on the same images an improvement?`,
    answer: String.raw`$\sqrt{p (1 - p) / n}$ with $p = 0.0875$ and $n = 10{,}000$ is ${shown(samplingDeviation, 2)} points. The difference is smaller than that, so by this alone it shows nothing. (Both were tested on the same images, so a comparison image by image could show more; the two numbers alone cannot.)`,
    wrong: String.raw`"10,000 images are many, so every digit counts." It takes the digits of a result for its precision.`,
  },
  {
    chapter: "01",
    points: 4,
    question: String.raw`Network A (20 layers) ends with a training error of 4 % and a test error of 9 %, network B (56 layers) with 1 % and 11 %, network C (56 layers) with 7 % and 12 %. Which of B and C shows degradation, compared with A, which overfitting, and what would you try against each?`,
    answer: String.raw`B overfits: it is better on the training images and worse on new ones, so regularisation, more images or augmentation may help. C is degraded: it is worse on the training images already, although it could copy A. Regularisation would not help there; what has to change is how it can be optimised, by shortcuts for instance.`,
    wrong: String.raw`"Both are degraded, because both are worse on the test set." It does not ask for the training error.`,
  },
  {
    chapter: "01",
    points: 6,
    question: String.raw`Four seeds give the gaps ${gaps.map((one) => shown(one, 2)).join(", ")} (loss of the deeper network less loss of the shallower, in nats). Compute the mean and its 95 % interval ($t_3 = 3.182$). What does the interval say, and what would you have to add to say it of another data set?`,
    answer: String.raw`Mean ${shown(gap.mean, 2)}, standard deviation (with $n - 1$) ${shown(gap.deviation, 3)}, half width $3.182 \cdot ${shown(gap.deviation, 3)} / \sqrt 4 = ${shown(half, 2)}$: from ${shown(gap.lower, 2)} to ${shown(gap.upper, 2)}. It lies above zero, so for this data and recipe the deeper network has the higher loss, seeds being the only thing that varied. Of another data set it says nothing: one would have to run there.`,
    wrong: String.raw`1.96 in place of 3.182, or no division by $\sqrt 4$. The first takes four runs for many, the second gives the spread of single runs.`,
  },
  {
    chapter: "01",
    points: 6,
    question: String.raw`Take a trained plain network that ends in ReLU, and add a layer (3×3 convolution, batch norm with $\epsilon$ under its root, ReLU) that changes nothing in inference. Give its kernel, its running mean and variance, its scale and its shift. Why does the ReLU do no harm? What does the existence of this layer prove about degradation?`,
    answer: String.raw`The kernel is 1 in the middle from each channel to itself, and 0 elsewhere. Running mean 0 and variance 1, shift 0, scale $\sqrt{1 + \epsilon}$ (or variance $1 - \epsilon$ and scale 1). The input comes from a ReLU, so it is not negative and a second ReLU leaves it alone. So a deeper network with the same loss exists: degradation is not a lack of expressive power but a failure of training to find such weights.`,
    wrong: String.raw`A kernel of zeros ("do nothing"). In a plain layer it gives zeros; it is the identity only beside a shortcut.`,
  },
  {
    chapter: "01",
    points: 4,
    question: String.raw`If each of 54 layers multiplied the gradient's norm by 0.8, what would be left of it? Chapter 01 measures the norms in a plain network with batch norm. What does it find, and what follows for the explanation by vanishing gradients?`,
    answer: String.raw`$0.8^{54} = ${powerOfTen(product)}$. Nothing of that kind is measured. After twenty steps and after training the gradient is about as large at the first unit as at the last, and before training it even grows on its way down. So gradients that vanish do not explain the degradation of these networks. (Nor does the early growth: a gentle start does not close the gap.)`,
    wrong: String.raw`"Deep networks degrade because gradients vanish, and shortcuts mend that." It is the textbook's sentence, and the measurement speaks against it.`,
  },
  {
    chapter: "02",
    points: 4,
    question: String.raw`A block computes $y = \operatorname{ReLU}(F(x) + x)$, its plain twin $y = \operatorname{ReLU}(F(x))$. Both kernels of $F$ are zero and $x = (2, -3)$. What does each give? Why does it matter for a layer that is to change nothing?`,
    answer: String.raw`The residual block gives (2, 0), the plain one (0, 0). Weights of zero make the residual block the identity on what is not negative, so doing nothing is where weight decay leads anyway. The plain block would have to learn the identity from its weights.`,
    wrong: String.raw`(2, -3) for the residual block. It forgets the ReLU after the addition.`,
  },
  {
    chapter: "02",
    points: 6,
    question: String.raw`A weight gets no gradient from the loss, only weight decay: $w \leftarrow w - r \lambda w$ with $r = 0.1$ and $\lambda = 10^{-4}$. What share of it is left after 64,000 steps? What does this do to the output of a residual branch without batch norm? And to that of a convolution that batch norm follows?`,
    answer: String.raw`$(1 - 10^{-5})^{64000} = ${shown(decayed, 2)}$. Without batch norm $F$ shrinks, and the block comes closer to the identity. Batch norm divides the scale of the kernel out again, so there the output stays as it was (but for $\epsilon$); what decay shrinks in effect is batch norm's own scale, if it is decayed too.`,
    wrong: String.raw`"Weight decay always makes $F$ small." It overlooks that batch norm does not care how large the kernel is.`,
  },
  {
    chapter: "02",
    points: 4,
    question: String.raw`Somebody writes a block as $y = x + \operatorname{ReLU}(F(x))$. It trains, and all shapes agree. What can it never do that the paper's block can? Name an input on which a test would notice.`,
    answer: String.raw`What it adds is never negative, so from unit to unit values can only grow; and nothing rectifies the sum. Any input for which $F(x)$ has a negative number shows it: the paper's block gives less than $x$ there, this one gives $x$.`,
    wrong: String.raw`"It is the same, because ReLU comes somewhere." Only the position of the ReLU differs, and a test of shapes accepts it.`,
  },
  {
    chapter: "03",
    points: 4,
    question: String.raw`A shortcut goes from 32 to 64 channels and from 28×28 to 14×14. How many parameters has option A, how many option B (a 1×1 convolution without bias, then batch norm)? Which pixels does each look at?`,
    answer: String.raw`Option A has none. Option B has 32 · 64 + 2 · 64 = ${shown(projection)}. Both look at every second pixel of every second row and skip the other three quarters.`,
    wrong: String.raw`"Option B averages over 2×2 pixels." A 1×1 convolution with stride 2 sees one pixel in four.`,
  },
  {
    chapter: "03",
    points: 5,
    question: String.raw`Each of 27 units multiplies its shortcut by 0.95. How much of $x_0$ arrives at the end by the shortcuts alone? How much of what unit 27 adds? Derive both from $x_{i+1} = \lambda x_i + F_i$.`,
    answer: String.raw`$0.95^{27} = ${shown(carried, 2)}$ of $x_0$, because it passes every shortcut. All of the last unit's $F$: it is added behind the last shortcut. In general $x_L = \lambda^L x_0 + \sum_i \lambda^{L-1-i} F_i$.`,
    wrong: String.raw`0.95 (an average of the factors), or the same share for every $F$. Factors multiply, and each $F$ passes only the shortcuts behind its unit.`,
  },
  {
    chapter: "03",
    points: 5,
    question: String.raw`A 5×5 convolution with stride 2 goes over 32×32 pixels, once with two zeros on each side, once with "same" padding as TensorFlow does it. How large is the output in each case, and where does the first window begin? What happens if weights trained with the one run with the other?`,
    answer: String.raw`${side}×${side} in both cases. "Same" adds ${sameZeros} zeros in all, one before and two after, so its first window begins one pixel before the image; with two zeros on each side it begins two pixels before. Nothing complains, since all shapes agree, but every window sits one pixel off, and the answers are wrong.`,
    wrong: String.raw`"The shapes agree, so the two are the same." This is the trap of imported checkpoints.`,
  },
];
