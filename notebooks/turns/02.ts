// Chapter 02's parts that the reader writes: ours, what each must do, and the slips that the checks tell apart.
import { check, nn, runtime } from "residual";

const { tf } = runtime;

function leftByDecay(rates: readonly number[], decay: number, momentum: number): number {
  let weight = 1;
  let velocity = 0;
  for (const rate of rates) {
    velocity = momentum * velocity + decay * weight;
    weight -= rate * velocity;
  }
  return weight;
}

type Images = runtime.tf.Tensor4D;
type Step = (x: Images) => Images;
type Parts = { readonly conv1: Step; readonly norm1: Step; readonly conv2: Step; readonly norm2: Step };

function basicBlock(x: Images, { conv1, norm1, conv2, norm2 }: Parts): Images {
  const inner = tf.relu(norm1(conv1(x)));
  const residual = norm2(conv2(inner));
  return tf.relu(tf.add(residual, x));
}

function startsAtZero(name: string): boolean {
  return name.endsWith("norm2.scale");
}

type Stream = ReturnType<typeof check.stream>;

/** A run that only decays. Its decay is large, so that a few steps show what it does. */
type Decay = { readonly rates: number[]; readonly decay: number; readonly momentum: number };
const decayTrait = (title: string, momentum: boolean, falls: boolean) =>
  check.trait(title, {
    draw: (from): Decay => ({
      rates: Array.from({ length: 6 }, (_, i) => (0.5 + from.uniform()) * (falls && i >= 3 ? 0.1 : 1)),
      decay: 0.1 + 0.1 * from.uniform(),
      momentum: momentum ? 0.4 + 0.3 * from.uniform() : 0,
    }),
    see: (answer: typeof leftByDecay, { rates, decay, momentum }) => answer(rates, decay, momentum),
    // A step is a matrix that maps (w, v): w' = (1 - ηµ) w - η m v and v' = µ w + m v.
    right: ({ rates, decay, momentum }) =>
      rates.reduce(
        ([w, v], rate) => [(1 - rate * decay) * w! - rate * momentum * v!, decay * w! + momentum * v!],
        [1, 0],
      )[0]!,
    within: 1e-6,
  });

/** Ours with another step. */
const decaySlip =
  (
    step: (
      state: { readonly weight: number; readonly velocity: number },
      rate: number,
      decay: number,
      momentum: number,
    ) => readonly [weight: number, velocity: number],
  ): typeof leftByDecay =>
  (rates, decay, momentum) =>
    rates.reduce<readonly [number, number]>(
      ([weight, velocity], rate) => step({ weight, velocity }, rate, decay, momentum),
      [1, 0],
    )[0];

/** A block whose four parts are small: channels mixed by a matrix, and a norm that is a polynomial, so that no two parts can change places. */
type Block = {
  readonly x: check.PlainTensor;
  readonly mixes: readonly (readonly number[])[];
  readonly norms: readonly (readonly number[])[];
};
/** Drawn until both ReLUs cut something and let something pass, so that each slip shows. */
const drawBlock = (from: Stream): Block =>
  check.drawUntil(
    () => ({
      x: check.oddTensor(from, [1, 3, 3, 2]),
      mixes: [0, 1].map(() => check.oddNumbers(from, 4)),
      norms: [0, 1].map(() => check.oddNumbers(from, 3).map((value, i) => value * [0.2, 2, 0.5][i]!)),
    }),
    (block) => valuesWithin(block).every((values) => Math.min(...values) < -0.2 && Math.max(...values) > 0.2),
    "a block whose ReLUs both matter",
  );
const imagesOf = ({ x }: Block) => check.tensor(x) as Images;

const partsOf = ({ mixes, norms }: Block): Parts => {
  const mix = (numbers: readonly number[]): Step => (x) =>
    tf.conv2d(x, tf.tensor4d([...numbers], [1, 1, 2, 2]), 1, "same"); // prettier-ignore
  const norm = ([a, b, c]: readonly number[]): Step => (x) =>
    tf.add(tf.add(tf.mul(tf.square(x), a!), tf.mul(x, b!)), c!); // prettier-ignore
  return { conv1: mix(mixes[0]!), norm1: norm(norms[0]!), conv2: mix(mixes[1]!), norm2: norm(norms[1]!) };
};

/** What comes before the inner ReLU, the branch, and the sum, pixel by pixel in float64. */
function valuesWithin({
  x,
  mixes,
  norms,
}: Block): readonly [inner: number[], branch: number[], sum: number[]] {
  const mixed = (pixel: readonly number[], m: readonly number[]) =>
    [0, 1].map((to) => pixel[0]! * m[to]! + pixel[1]! * m[2 + to]!);
  const normed = (pixel: readonly number[], [a, b, c]: readonly number[]) =>
    pixel.map((value) => a! * value ** 2 + b! * value + c!);
  const pixels = Array.from({ length: x.values.length / 2 }, (_, i) => x.values.slice(2 * i, 2 * i + 2));
  const inner = pixels.map((pixel) => normed(mixed(pixel, mixes[0]!), norms[0]!));
  const positive = inner.map((pixel) => pixel.map((value) => Math.max(value, 0)));
  const branch = positive.map((pixel) => normed(mixed(pixel, mixes[1]!), norms[1]!));
  const sum = branch.map((pixel, i) => pixel.map((value, c) => value + pixels[i]![c]!));
  return [inner.flat(), branch.flat(), sum.flat()];
}

const blockByNumbers = (block: Block): Images => {
  const values = valuesWithin(block)[2].map((value) => Math.max(value, 0));
  return check.tensor({ shape: block.x.shape, values }) as Images;
};

/** A unit as a deeper network begins it, with zeros where the answer says so, and what it makes of x. */
type Begun = { readonly x: check.PlainTensor; readonly seed: number };
const drawBegun = (from: Stream): Begun => {
  const { shape, values } = check.oddTensor(from, [2, 4, 4, 3]);
  return { x: { shape, values: values.map((value) => Math.abs(value)) }, seed: from.integer(1000) };
};

function withUnit<T>(
  { x, seed }: Begun,
  isZero: (name: string) => boolean,
  use: (unit: (x: Images) => Images, variables: readonly nn.NamedVariable[], x: Images) => T,
): T {
  const network = nn.cifarResNet({ depth: 14, widths: [3, 3, 3], inputShape: [4, 4, 1], classes: 2, seed });
  const { name: place, unit } = network.units[1]!;
  const variables = network.variables().filter(({ name }) => name.startsWith(`${place}.`));
  for (const { name, variable } of variables) if (isZero(name)) variable.assign(tf.zerosLike(variable));
  const made = use(
    (input) => unit.forward(input, { training: true }) as Images,
    variables,
    check.tensor(x) as Images,
  );
  network.dispose();
  return made;
}

/** The norm of the gradient that arrives at the unit's kernels and scales: what it needs to learn more than a constant. */
const gradientOf = (begun: Begun, isZero: (name: string) => boolean): number =>
  withUnit(begun, isZero, (unit, variables, x) => {
    const learned = variables.filter(({ role }) => role === "weight" || role === "scale");
    const c = tf.randomNormal(x.shape, 0, 1, "float32", 5);
    const { grads } = tf.variableGrads(
      () => tf.sum(tf.mul(unit(x), c)),
      learned.map(({ variable }) => variable),
    );
    return Math.hypot(...Object.values(grads).map((gradient) => tf.norm(gradient).dataSync()[0]!));
  });

export const turns = {
  leftByDecay: {
    ours: leftByDecay,
    traits: [
      decayTrait("without momentum each step takes rate times decay", false, false),
      decayTrait("with momentum the velocity goes on pulling", true, false),
      decayTrait("the same where the rate falls on the way", true, true),
    ],
    wrong: [
      {
        mistake: "forgets-the-rate",
        message:
          "each step takes away the decay itself: the decay enters the gradient, so it is multiplied by the rate",
        answer: decaySlip(({ weight, velocity }, _, decay, momentum) => {
          const v = momentum * velocity + decay * weight;
          return [weight - v, v];
        }),
      },
      {
        mistake: "takes-the-same-each-time",
        message: "each step takes a part of the first weight: it takes that part of what is left",
        answer: decaySlip(({ weight, velocity }, rate, decay, momentum) => {
          const v = momentum * velocity + decay;
          return [weight - rate * v, v];
        }),
      },
      {
        mistake: "forgets-momentum",
        message:
          "the velocity keeps nothing: with momentum a step goes on pulling, so in the long run the decay acts 1/(1 - m) times as strongly",
        answer: decaySlip(({ weight }, rate, decay) => [weight * (1 - rate * decay), 0]),
      },
      {
        mistake: "uses-the-old-velocity",
        message:
          "the weight moves along the velocity of the step before: first the new velocity, then the weight",
        answer: decaySlip(({ weight, velocity }, rate, decay, momentum) => [
          weight - rate * velocity,
          momentum * velocity + decay * weight,
        ]),
      },
      {
        mistake: "dampens",
        message: "the new gradient enters by a part of 1 - m only: chapter 01's velocity adds it whole",
        answer: decaySlip(({ weight, velocity }, rate, decay, momentum) => {
          const v = momentum * velocity + (1 - momentum) * decay * weight;
          return [weight - rate * v, v];
        }),
      },
      {
        mistake: "keeps-the-rate-in-the-velocity",
        message:
          "the rate is inside the velocity, so a fall of the rate acts late: multiply when the weight moves",
        answer: decaySlip(({ weight, velocity }, rate, decay, momentum) => {
          const v = momentum * velocity + rate * decay * weight;
          return [weight - v, v];
        }),
      },
      {
        mistake: "grows",
        message: "the weight grows: decay pulls it to zero",
        answer: decaySlip(({ weight, velocity }, rate, decay, momentum) => {
          const v = momentum * velocity + decay * weight;
          return [weight + rate * v, v];
        }),
      },
    ],
  } satisfies check.Turn<typeof leftByDecay>,

  basicBlock: {
    ours: basicBlock,
    traits: [
      check.trait("it is the block of Figure 2", {
        times: 6,
        draw: drawBlock,
        see: (answer: typeof basicBlock, block) => answer(imagesOf(block), partsOf(block)),
        right: blockByNumbers,
        within: 1e-3,
      }),
      check.trait("with nothing in the branch it hands on what is positive", {
        draw: (from): Block => ({ ...drawBlock(from), norms: [[0, 0, 0], [0, 0, 0]] }), // prettier-ignore
        see: (answer: typeof basicBlock, block) => answer(imagesOf(block), partsOf(block)),
        right: (block) => tf.relu(imagesOf(block)),
      }),
    ],
    wrong: [
      {
        mistake: "forgets-the-shortcut",
        message: "nothing is added: this is the plain unit. Add x before the last ReLU",
        answer: (x, { conv1, norm1, conv2, norm2 }) => tf.relu(norm2(conv2(tf.relu(norm1(conv1(x)))))),
      },
      {
        mistake: "rectifies-before-the-addition",
        message:
          "the last ReLU comes before the addition, so the branch can only add: add first, then rectify",
        answer: (x, { conv1, norm1, conv2, norm2 }) =>
          tf.add(tf.relu(norm2(conv2(tf.relu(norm1(conv1(x)))))), x),
      },
      {
        mistake: "forgets-the-last-relu",
        message: "the last ReLU is missing: it follows the addition",
        answer: (x, { conv1, norm1, conv2, norm2 }) => tf.add(norm2(conv2(tf.relu(norm1(conv1(x))))), x),
      },
      {
        mistake: "rectifies-the-shortcut",
        message: "a ReLU is on the shortcut: x travels unchanged",
        answer: (x, { conv1, norm1, conv2, norm2 }) =>
          tf.relu(tf.add(norm2(conv2(tf.relu(norm1(conv1(x))))), tf.relu(x))),
      },
      {
        mistake: "forgets-the-inner-relu",
        message: "there is no ReLU between the two convolutions, so together they can do no more than one",
        answer: (x, { conv1, norm1, conv2, norm2 }) => tf.relu(tf.add(norm2(conv2(norm1(conv1(x)))), x)),
      },
      {
        mistake: "rectifies-before-the-norm",
        message: "the inner ReLU comes before the first norm: convolution, norm, ReLU",
        answer: (x, { conv1, norm1, conv2, norm2 }) =>
          tf.relu(tf.add(norm2(conv2(norm1(tf.relu(conv1(x))))), x)),
      },
      {
        mistake: "adds-what-lies-inside",
        message: "what is added is the value between the convolutions: add the block's input",
        answer: (x, { conv1, norm1, conv2, norm2 }) => {
          const inner = tf.relu(norm1(conv1(x)));
          return tf.relu(tf.add(norm2(conv2(inner)), inner));
        },
      },
      {
        mistake: "adds-before-the-last-norm",
        message:
          "x is added before the last norm, which then rescales the shortcut too: norm first, then add",
        answer: (x, { conv1, norm1, conv2, norm2 }) =>
          tf.relu(norm2(tf.add(conv2(tf.relu(norm1(conv1(x)))), x))),
      },
      {
        mistake: "forgets-the-last-norm",
        message: "the second convolution has no norm: each has its own",
        answer: (x, { conv1, norm1, conv2 }) => tf.relu(tf.add(conv2(tf.relu(norm1(conv1(x)))), x)),
      },
      {
        mistake: "takes-the-first-twice",
        message: "the first convolution and norm are used twice: the second ones have weights of their own",
        answer: (x, { conv1, norm1 }) => tf.relu(tf.add(norm1(conv1(tf.relu(norm1(conv1(x))))), x)),
      },
    ],
  } satisfies check.Turn<typeof basicBlock>,

  startsAtZero: {
    ours: startsAtZero,
    traits: [
      check.trait("the new unit hands on its input, in training mode", {
        draw: drawBegun,
        see: (answer: typeof startsAtZero, begun) => withUnit(begun, answer, (unit, _, x) => unit(x)),
        right: ({ x }) => check.tensor(x),
        within: 1e-5,
      }),
      check.trait("and it can learn: a gradient arrives at its kernels or scales", {
        draw: drawBegun,
        see: (answer: typeof startsAtZero, begun) => gradientOf(begun, answer) > 1e-3,
        right: () => true,
      }),
      check.trait("a moderate one, not a hundred times that of an ordinary unit", {
        draw: drawBegun,
        see: (answer: typeof startsAtZero, begun) =>
          gradientOf(begun, answer) < 20 * gradientOf(begun, () => false),
        right: () => true,
      }),
    ],
    wrong: [
      {
        mistake: "leaves-the-branch",
        message: "the branch still gives something: which variable is multiplied with all that it gives?",
        answer: () => false,
      },
      {
        mistake: "kills-the-unit",
        message:
          "the unit changes nothing and never will, because no gradient arrives at its kernels and scales: set to zero only what stands last, and leave what comes before it as it is",
        answer: (name) => !/mean|variance/.test(name),
      },
      {
        mistake: "empties-the-last-kernel",
        message:
          "with the last kernel at zero the norm behind it divides by √ε, so its first gradient is hundreds of times too large: let the norm have something to divide, and silence what comes after it",
        answer: (name) => name.endsWith("conv2.weight"),
      },
    ],
  } satisfies check.Turn<typeof startsAtZero>,
};
