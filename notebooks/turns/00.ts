// Chapter 00's parts that the reader writes: ours, what each must do, and the slips that the checks tell apart.
import { check } from "residual";

function slopeOf(f: (x: number) => number, x: number, h: number): number {
  return (f(x + h) - f(x - h)) / (2 * h);
}

function crossEntropy(logits: readonly number[], right: number): number {
  const largest = Math.max(...logits);
  const powers = logits.map((z) => Math.exp(z - largest));
  const sum = powers.reduce((a, b) => a + b);
  return Math.log(sum) + largest - logits[right]!;
}

function momentumStep(state: State, gradient: readonly number[], rate: number, momentum: number): State {
  const velocity = state.velocity.map((v, i) => momentum * v + gradient[i]!);
  const weights = state.weights.map((w, i) => w - rate * velocity[i]!);
  return { weights, velocity };
}

/** What training carries from one step to the next. */
export interface State {
  readonly weights: readonly number[];
  readonly velocity: readonly number[];
}

type Parabola = { readonly a: number; readonly b: number; readonly x: number; readonly h: number };
type Scores = { readonly logits: readonly number[]; readonly right: number };
type Walk = {
  readonly weights: readonly number[];
  readonly gradients: readonly (readonly number[])[];
  readonly rate: number;
  readonly momentum: number;
};

/** What a number of steps make of the weights and of a velocity of 0. */
function walked(answer: typeof momentumStep, { weights, gradients, rate, momentum }: Walk): State {
  const start: State = { weights, velocity: weights.map(() => 0) };
  const { weights: to, velocity } = gradients.reduce(
    (state, gradient) => answer(state, gradient, rate, momentum),
    start,
  );
  return { weights: to, velocity };
}

/**
 * The same without a state: after n steps the jth gradient has moved the weights by 1 + m + m² + ..., n - j + 1 terms, and stands in the
 * velocity with the last of these.
 */
function moved({ weights, gradients, rate, momentum }: Walk): State {
  const n = gradients.length;
  const sum = (i: number, part: (j: number) => number) =>
    gradients.reduce((all, gradient, j) => all + part(j) * gradient[i]!, 0);
  return {
    weights: weights.map(
      (weight, i) => weight - rate * sum(i, (j) => (1 - momentum ** (n - j)) / (1 - momentum)),
    ),
    velocity: weights.map((_, i) => sum(i, (j) => momentum ** (n - 1 - j))),
  };
}

/** Minus the logarithm of the right class's probability as one sum, in which nothing is large or near 0 that should not be. */
const behind = ({ logits, right }: Scores) => {
  const ahead = logits.map((z) => z - logits[right]!);
  const largest = Math.max(...ahead);
  return largest + Math.log(ahead.reduce((sum, z) => sum + Math.exp(z - largest), 0));
};

const walkTrait = (title: string, steps: number) =>
  check.trait(title, {
    draw: (from): Walk => ({
      weights: check.oddNumbers(from, 2),
      gradients: Array.from({ length: steps }, () => check.oddNumbers(from, 2)),
      rate: 0.1 + from.uniform(),
      momentum: 0.3 + 0.6 * from.uniform(),
    }),
    see: (answer: typeof momentumStep, walk) => walked(answer, walk),
    right: moved,
  });

export const turns = {
  slopeOf: {
    ours: slopeOf,
    traits: [
      check.trait("on a parabola it gives the slope exactly, however large h is", {
        draw: (from): Parabola => ({
          a: 1 + from.uniform(),
          b: from.normal(),
          x: from.normal(),
          h: check.oneOf(from, [0.1, 0.3]),
        }),
        see: (answer: typeof slopeOf, { a, b, x, h }) => answer((at) => a * at * at + b * at, x, h),
        right: ({ a, b, x }) => 2 * a * x + b,
      }),
    ],
    wrong: [
      {
        mistake: "moves-to-one-side",
        message:
          "x moves to one side only, so the curve's bend stays in the answer: take a step to each side",
        answer: (f, x, h) => (f(x + h) - f(x)) / h,
      },
      {
        mistake: "multiplies-by-h",
        message:
          "`/ 2 * h` divides by 2 and then multiplies by h, from left to right: put the distance in brackets, (2 * h)",
        answer: (f, x, h) => ((f(x + h) - f(x - h)) / 2) * h,
      },
      {
        mistake: "divides-by-h",
        message: "from x - h to x + h it is 2h, not h",
        answer: (f, x, h) => (f(x + h) - f(x - h)) / h,
      },
      {
        mistake: "does-not-divide",
        message: "this is how much f changes, not how much for each unit of x: divide by the distance",
        answer: (f, x, h) => f(x + h) - f(x - h),
      },
    ],
  },
  crossEntropy: {
    ours: crossEntropy,
    traits: [
      check.trait("it is minus the logarithm of the right class's probability", {
        draw: (from): Scores => ({ logits: check.oddNumbers(from, 4), right: from.integer(4) }),
        see: (answer: typeof crossEntropy, { logits, right }) => answer(logits, right),
        right: behind,
      }),
      check.trait("large logits do not overflow", {
        // First all of them large, then one, which is not the right class's.
        draw: (from, i): Scores => {
          const right = from.integer(4);
          const isLarge = (k: number) => i === 0 || k === (right + 1) % 4;
          return { logits: check.oddNumbers(from, 4).map((z, k) => (isLarge(k) ? z + 1000 : z)), right };
        },
        see: (answer: typeof crossEntropy, { logits, right }) => answer(logits, right),
        right: behind,
      }),
    ],
    wrong: [
      {
        mistake: "forgets-the-minus",
        message: "the logarithm of a probability is negative, and the loss is minus that",
        answer: (logits, right) => -crossEntropy(logits, right),
      },
      {
        mistake: "underflows",
        message:
          "where another logit is far ahead, the right class's probability is 0 for a computer and its logarithm infinite: take the logarithm before dividing, ln(a / b) = ln a - ln b",
        answer: (logits, right) => {
          const largest = Math.max(...logits);
          const powers = logits.map((z) => Math.exp(z - largest));
          return -Math.log(powers[right]! / powers.reduce((a, b) => a + b));
        },
      },
      {
        mistake: "overflows",
        message:
          "exp(1000) is infinite for a computer: subtract the largest logit from all first, which changes no probability",
        answer: (logits, right) => {
          const powers = logits.map((z) => Math.exp(z));
          return -Math.log(powers[right]! / powers.reduce((a, b) => a + b));
        },
      },
      {
        mistake: "takes-the-probability",
        message: "this is the probability itself: take minus its natural logarithm",
        answer: (logits, right) => Math.exp(-crossEntropy(logits, right)),
      },
      {
        mistake: "counts-in-bits",
        message: "this is in bits: the natural logarithm, Math.log, gives nats",
        answer: (logits, right) => crossEntropy(logits, right) / Math.LN2,
      },
    ],
  },
  momentumStep: {
    ours: momentumStep,
    traits: [
      walkTrait("the first step goes against the gradient, by the rate", 1),
      walkTrait("four steps keep what they had of speed", 4),
    ],
    wrong: [
      {
        mistake: "climbs",
        message: "the loss grows along the gradient: subtract the step from the weights",
        answer: (state, gradient, rate, momentum) => momentumStep(state, gradient, -rate, momentum),
      },
      {
        mistake: "forgets-the-momentum",
        message:
          "each step follows its own gradient alone: the new velocity is momentum times the old one plus the gradient, and must be given back",
        answer: (state, gradient, rate) => momentumStep(state, gradient, rate, 0),
      },
      {
        mistake: "averages-the-gradient",
        message:
          "this velocity is an average, (1 - momentum) times the gradient; here the whole gradient is added",
        answer: (state, gradient, rate, momentum) =>
          momentumStep(
            state,
            gradient.map((g) => (1 - momentum) * g),
            rate,
            momentum,
          ),
      },
      {
        mistake: "keeps-the-rate-in-the-velocity",
        message:
          "the weights are right while the rate stays, but this velocity holds the rate and should add up gradients alone: the rate multiplies it where the weights move",
        answer: (state, gradient, rate, momentum) => {
          const velocity = state.velocity.map((v, i) => momentum * v + rate * gradient[i]!);
          return { weights: state.weights.map((w, i) => w - velocity[i]!), velocity };
        },
      },
      {
        mistake: "moves-before-it-looks",
        message:
          "the weights move by the velocity of the step before: compute the new velocity first, and move by that",
        answer: (state, gradient, rate, momentum) => ({
          velocity: momentumStep(state, gradient, rate, momentum).velocity,
          weights: state.weights.map((w, i) => w - rate * state.velocity[i]!),
        }),
      },
    ],
  },
} satisfies {
  slopeOf: check.Turn<typeof slopeOf>;
  crossEntropy: check.Turn<typeof crossEntropy>;
  momentumStep: check.Turn<typeof momentumStep>;
};
