// Chapter 04's parts that the reader writes: ours, what each must do, and the slips that the checks tell apart.
import { check } from "residual";

/** A number on the tape, as the chapter has it. */
interface Num {
  value: number;
  from: { num: Num; local: number }[];
  gradient: number;
}

function walkBack(tape: readonly Num[], loss: Num): void {
  for (const made of tape) made.gradient = 0;
  loss.gradient = 1;
  for (const made of [...tape].reverse()) {
    for (const { num: source, local } of made.from) source.gradient += made.gradient * local;
  }
}

type WalkBack = typeof walkBack;
type Stream = ReturnType<typeof check.stream>;

export type Matrix = readonly (readonly number[])[];

/** The product of two matrices. */
export function product(a: Matrix, b: Matrix): number[][] {
  const columns = transposed(b);
  return a.map((row) => columns.map((column) => row.reduce((sum, value, k) => sum + value * column[k]!, 0)));
}

/** Rows as columns. */
export const transposed = (a: Matrix): number[][] => a[0]!.map((_, j) => a.map((row) => row[j]!));

/** What the way back through batch norm needs of one channel's way forward. */
export interface Channel {
  readonly gamma: number;
  readonly c: readonly number[];
  readonly r: number;
  readonly u: readonly number[];
}

/** One channel's values, centred (c) and brought to a variance of 1 (u); r is what c is multiplied by. */
export function channelOf(x: readonly number[], gamma = 1, epsilon = 1e-5): Channel {
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const mu = mean(x);
  const c = x.map((value) => value - mu);
  const r = (mean(c.map((value) => value ** 2)) + epsilon) ** -0.5;
  return { gamma, c, r, u: c.map((value) => value * r) };
}

function normBack(dy: readonly number[], { gamma, c, r }: Channel) {
  const m = dy.length;
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  const du = dy.map((d) => gamma * d);
  const dr = sum(du.map((d, i) => d * c[i]!));
  const dv = -0.5 * r ** 3 * dr;
  const dc = du.map((d, i) => r * d + (2 / m) * c[i]! * dv);
  const dmu = -sum(dc);
  const dx = dc.map((d) => d + dmu / m);
  return { du, dr, dv, dc, dmu, dx };
}

export type NormBack = (dy: readonly number[], channel: Channel) => ReturnType<typeof normBack>;

/** All that a small classifier keeps of its way forward. */
export interface Pass {
  /** The images, [N, D]. */
  readonly x: Matrix;
  /** One for each hidden number. */
  readonly channels: readonly Channel[];
  /** What leaves the ReLU, [N, H]. */
  readonly h: Matrix;
  /** The probabilities, [N, K], and the right classes: 1 in its place, else 0. */
  readonly p: Matrix;
  readonly t: Matrix;
}

/** Linear, batch norm, ReLU, linear, softmax. */
export function forward(x: Matrix, t: Matrix, first: Matrix, second: Matrix): Pass {
  const channels = transposed(product(x, first)).map((column) => channelOf(column));
  const h = transposed(channels.map(({ u }) => u.map((value) => Math.max(value, 0))));
  const p = product(h, second).map((z) => {
    const powers = z.map((score) => Math.exp(score - Math.max(...z)));
    const all = powers.reduce((a, b) => a + b, 0);
    return powers.map((power) => power / all);
  });
  return { x, channels, h, p, t };
}

/** Minus the logarithm of the right class's probability, averaged. */
export const lossOf = ({ p, t }: Pass): number =>
  p.reduce((sum, row, n) => sum - Math.log(row[t[n]!.indexOf(1)]!), 0) / p.length;

/** Of the loss, for both matrices; each has its matrix's shape. */
export interface NetGradients {
  readonly dFirst: Matrix;
  readonly dSecond: Matrix;
}

function netBack({ x, channels, h, p, t }: Pass, second: Matrix, norm: NormBack): NetGradients {
  const dz = p.map((row, n) => row.map((value, k) => (value - t[n]![k]!) / p.length));
  const dSecond = product(transposed(h), dz);
  const dh = product(dz, transposed(second));
  const dy = dh.map((row, n) => row.map((d, j) => (h[n]![j]! > 0 ? d : 0)));
  const da = transposed(dy).map((column, j) => norm(column, channels[j]!).dx);
  return { dFirst: product(transposed(x), transposed(da)), dSecond };
}

type NetBack = (pass: Pass, second: Matrix, norm: NormBack) => NetGradients;

function autocorrelation(series: readonly number[]): number[] {
  const mean = series.reduce((a, b) => a + b) / series.length;
  const centred = series.map((value) => value - mean);
  const together = (lag: number) =>
    centred.slice(lag).reduce((sum, value, i) => sum + value * centred[i]!, 0);
  const all = together(0);
  return centred.map((_, lag) => together(lag) / all);
}

type Autocorrelation = typeof autocorrelation;

/** The same from the series' spectrum: the squared sizes of its frequencies, turned back. Zeros behind the series keep its ends apart. */
function fromSpectrum(series: readonly number[]): number[] {
  const n = series.length;
  const mean = series.reduce((a, b) => a + b) / n;
  const turn = (k: number) => (Math.PI * k) / n; // 2 pi k over the 2n places
  const power = Array.from({ length: 2 * n }, (_, f) => {
    const part = (wave: (angle: number) => number) =>
      series.reduce((sum, value, i) => sum + (value - mean) * wave(turn(f * i)), 0);
    return part(Math.cos) ** 2 + part(Math.sin) ** 2;
  });
  const back = (lag: number) => power.reduce((sum, size, f) => sum + size * Math.cos(turn(f * lag)), 0);
  return series.map((_, lag) => back(lag) / back(0));
}

/** A walk away from where it began, so that its mean is far from 0. */
const drawWalk = (from: Stream): number[] => {
  let at = 3 + from.uniform();
  return Array.from({ length: 9 }, () => (at += from.normal()));
};

/** The sum over two samples `lag` apart of their products, and how many there are. */
const products = (series: readonly number[], lag: number) =>
  series.slice(lag).map((value, i) => value * series[i]!);
const total = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
const centredOf = (series: readonly number[]) => series.map((value) => value - total(series) / series.length);

/** How fast a function grows with each of its numbers, by finite differences. */
function slopes(loss: (at: readonly number[]) => number, at: readonly number[]): number[] {
  const h = 1e-5;
  return at.map((_, k) => {
    const moved = (step: number) => at.map((value, i) => value + (i === k ? step : 0));
    return (loss(moved(h)) - loss(moved(-h))) / (2 * h);
  });
}

/** A program on a tape: inputs, and sums and products of two numbers made before. */
type Program = {
  readonly inputs: readonly number[];
  readonly steps: readonly (readonly ["plus" | "times", number, number])[];
};

/** The program's tape, its last number being the loss. */
function recorded({ inputs, steps }: Program): Num[] {
  const tape: Num[] = inputs.map((value) => ({ value, from: [], gradient: 0 }));
  for (const [kind, i, j] of steps) {
    const [a, b] = [tape[i]!, tape[j]!];
    const [value, toA, toB] =
      kind === "plus" ? [a.value + b.value, 1, 1] : [a.value * b.value, b.value, a.value];
    const from = [
      { num: a, local: toA },
      { num: b, local: toB },
    ];
    tape.push({ value, from, gradient: 0 });
  }
  return tape;
}

/** What one or two walks leave at the inputs. Where `behind`, the tape goes on behind the loss, as where something else was computed since. */
function gradientsOf(answer: WalkBack, program: Program, { walks = 1, behind = false } = {}): number[] {
  const tape = recorded(program);
  const loss = tape.at(-1)!;
  if (behind) tape.push({ value: 3 * loss.value, from: [{ num: loss, local: 3 }], gradient: 0 });
  for (let walk = 0; walk < walks; walk++) answer(tape, loss);
  return tape.slice(0, program.inputs.length).map(({ gradient }) => gradient);
}

/** The same by finite differences: it walks nowhere. */
const slopesOf = (program: Program): number[] =>
  slopes((inputs) => recorded({ ...program, inputs }).at(-1)!.value, program.inputs);

/** One channel: its values, what comes back to them, and its settings. The epsilon is large, so that forgetting it shows. */
type Normed = {
  readonly x: readonly number[];
  readonly dy: readonly number[];
  readonly gamma: number;
  readonly epsilon: number;
};

const drawNormed = (from: Stream): Normed => ({
  x: check.oddNumbers(from, 5),
  dy: check.oddNumbers(from, 5),
  gamma: 0.5 + from.uniform(),
  epsilon: 0.1,
});

/** The slope of the sum of dy times y, as a function of one value on the way: what comes after it is computed anew from there. */
function slopeAt(value: "u" | "r" | "v" | "c" | "mu" | "x", { x, dy, gamma, epsilon }: Normed) {
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
  const { c, r, u } = channelOf(x, gamma, epsilon);
  const fromU = (u: readonly number[]) => u.reduce((sum, one, i) => sum + dy[i]! * gamma * one, 0);
  const fromR = (c: readonly number[], r: number) => fromU(c.map((one) => one * r));
  const fromC = (c: readonly number[]) => fromR(c, (mean(c.map((one) => one ** 2)) + epsilon) ** -0.5);
  const ways = {
    u: () => slopes(fromU, u),
    r: () => slopes(([moved]) => fromR(c, moved!), [r])[0]!,
    v: () => slopes(([moved]) => fromR(c, (moved! + epsilon) ** -0.5), [r ** -2 - epsilon])[0]!,
    c: () => slopes(fromC, c),
    mu: () => slopes(([moved]) => fromC(x.map((one) => one - moved!)), [mean(x)])[0]!,
    x: () => slopes((x) => fromC(channelOf(x).c), x),
  };
  return ways[value]();
}

const normTrait = (title: string, value: "u" | "r" | "v" | "c" | "mu" | "x") =>
  check.trait(title, {
    draw: drawNormed,
    see: (answer: NormBack, { x, dy, gamma, epsilon }) =>
      answer(dy, channelOf(x, gamma, epsilon))[`d${value}`],
    right: (input) => slopeAt(value, input),
    within: 1e-6,
  });

/** Ours with one of its values computed otherwise, and all that follows from it. */
const normSlip =
  (
    change: (
      right: ReturnType<NormBack>,
      dy: readonly number[],
      channel: Channel,
    ) => Partial<ReturnType<NormBack>>,
  ): NormBack =>
  (dy, channel) => {
    const right = normBack(dy, channel);
    return { ...right, ...change(right, dy, channel) };
  };

/** A small classifier's weights and images. */
type Small = {
  readonly x: Matrix;
  readonly classes: readonly number[];
  readonly first: Matrix;
  readonly second: Matrix;
};

const drawSmall = (from: Stream): Small => {
  const matrix = (rows: number, columns: number) =>
    Array.from({ length: rows }, () => check.oddNumbers(from, columns));
  return {
    x: matrix(6, 3),
    classes: Array.from({ length: 6 }, () => from.integer(3)),
    first: matrix(3, 4),
    second: matrix(4, 3),
  };
};

const oneHot = (classes: readonly number[]): Matrix =>
  classes.map((right) => [0, 1, 2].map((k) => (k === right ? 1 : 0)));

const passOf = ({ x, classes, first, second }: Small): Pass => forward(x, oneHot(classes), first, second);

const twiceNormBack: NormBack = (dy, channel) =>
  normBack(
    dy.map((d) => 2 * d),
    channel,
  );

const netTrait = (title: string, which: "first" | "second") =>
  check.trait(title, {
    draw: drawSmall,
    // The norm that is given hands on twice of everything, and what comes out of it is halved: so another norm in its place shows.
    see: (answer: NetBack, small) => {
      const { dFirst, dSecond } = answer(passOf(small), small.second, twiceNormBack);
      return which === "first" ? dFirst.flat().map((value) => value / 2) : dSecond.flat();
    },
    right: (small) => {
      const { length } = small[which][0]!;
      const loss = (flat: readonly number[]) =>
        lossOf(
          passOf({ ...small, [which]: small[which].map((_, i) => flat.slice(i * length, (i + 1) * length)) }),
        );
      return slopes(loss, small[which].flat());
    },
    within: 1e-6,
  });

/** Ours with another way back from the probabilities, through the ReLU, or through batch norm. */
const netSlip =
  (change: {
    readonly dz?: (value: number, right: number, images: number) => number;
    readonly gate?: (d: number, h: number) => boolean;
    readonly norm?: NormBack;
  }): NetBack =>
  ({ x, channels, h, p, t }, second, norm) => {
    const { dz: start = (value, right, images) => (value - right) / images, gate = (_, h) => h > 0 } = change;
    const dz = p.map((row, n) => row.map((value, k) => start(value, t[n]![k]!, p.length)));
    const dy = product(dz, transposed(second)).map((row, n) =>
      row.map((d, j) => (gate(d, h[n]![j]!) ? d : 0)),
    );
    const da = transposed(dy).map((column, j) => (change.norm ?? norm)(column, channels[j]!).dx);
    return { dFirst: product(transposed(x), transposed(da)), dSecond: product(transposed(h), dz) };
  };

const within = 1e-6;

export const turns = {
  walkBack: {
    ours: walkBack,
    traits: [
      check.trait("it multiplies along a way: a·b·c", {
        draw: (from): Program => ({
          inputs: check.oddNumbers(from, 3),
          steps: [
            ["times", 0, 1],
            ["times", 3, 2],
          ],
        }),
        see: (answer: WalkBack, program) => gradientsOf(answer, program),
        right: slopesOf,
        within,
      }),
      check.trait("it adds over the ways: x + x·x", {
        draw: (from): Program => ({
          inputs: check.oddNumbers(from, 1),
          steps: [
            ["times", 0, 0],
            ["plus", 1, 0],
          ],
        }),
        see: (answer: WalkBack, program) => gradientsOf(answer, program),
        right: slopesOf,
        within,
      }),
      check.trait("a second walk finds what the first one found", {
        // Two steps, so that there is a number between the inputs and the loss, which must be cleared too.
        draw: (from): Program => ({
          inputs: check.oddNumbers(from, 3),
          steps: [
            ["times", 0, 1],
            ["times", 3, 2],
          ],
        }),
        see: (answer: WalkBack, program) => gradientsOf(answer, program, { walks: 2 }),
        right: slopesOf,
        within,
      }),
      check.trait("it agrees with finite differences on any sums and products", {
        times: 5,
        draw: (from): Program => ({
          inputs: check.oddNumbers(from, 3),
          steps: Array.from({ length: 5 }, (_, i) => [
            check.oneOf(from, ["plus", "times"] as const),
            from.integer(3 + i),
            2 + i,
          ]),
        }),
        see: (answer: WalkBack, program) => gradientsOf(answer, program, { behind: true }),
        right: slopesOf,
        within: 1e-4,
      }),
    ],
    wrong: [
      {
        mistake: "does-not-clear",
        message:
          "the second walk adds to what the first one left: set every gradient on the tape to 0 before the walk begins",
        answer(tape, loss) {
          loss.gradient = 1;
          for (const made of [...tape].reverse()) {
            for (const { num, local } of made.from) num.gradient += made.gradient * local;
          }
        },
      },
      {
        mistake: "clears-the-inputs-alone",
        message:
          "what lies between the inputs and the loss keeps what the first walk left: set every gradient on the tape to 0, and not only those of numbers that were made from nothing",
        answer(tape, loss) {
          for (const made of tape) if (made.from.length === 0) made.gradient = 0;
          loss.gradient = 1;
          for (const made of [...tape].reverse()) {
            for (const { num, local } of made.from) num.gradient += made.gradient * local;
          }
        },
      },
      {
        mistake: "begins-at-the-tape's-end",
        message:
          "the walk begins with the tape's last number, and that need not be the loss: set the gradient of the number that you were given to 1",
        answer(tape) {
          for (const made of tape) made.gradient = 0;
          tape.at(-1)!.gradient = 1;
          for (const made of [...tape].reverse()) {
            for (const { num, local } of made.from) num.gradient += made.gradient * local;
          }
        },
      },
      {
        mistake: "overwrites",
        message:
          "where a number was used twice, only one of its ways counts: add to its gradient (+=) instead of setting it",
        answer(tape, loss) {
          for (const made of tape) made.gradient = 0;
          loss.gradient = 1;
          for (const made of [...tape].reverse()) {
            for (const { num, local } of made.from) num.gradient = made.gradient * local;
          }
        },
      },
      {
        mistake: "walks-forward",
        message:
          "a number hands on its gradient before it has one: walk from the tape's end to its beginning",
        answer(tape, loss) {
          for (const made of tape) made.gradient = 0;
          loss.gradient = 1;
          for (const made of tape) {
            for (const { num, local } of made.from) num.gradient += made.gradient * local;
          }
        },
      },
      {
        mistake: "starts-from-nothing",
        message: "everything is 0, because the loss's own gradient is: dE/dE is 1",
        answer(tape) {
          for (const made of tape) made.gradient = 0;
        },
      },
      {
        mistake: "forgets-what-comes-from-above",
        message:
          "each number hands on its local derivatives alone: multiply them by the gradient that has come to it",
        answer(tape, loss) {
          for (const made of tape) made.gradient = 0;
          loss.gradient = 1;
          for (const made of [...tape].reverse()) {
            for (const { num, local } of made.from) num.gradient += local;
          }
        },
      },
    ],
  },
  normBack: {
    ours: normBack,
    traits: [
      normTrait("du: the scale", "u"),
      normTrait("dr: used in every u", "r"),
      normTrait("dv: a power", "v"),
      normTrait("dc: two ways", "c"),
      normTrait("dmu: used in every c", "mu"),
      normTrait("dx: two ways again", "x"),
    ],
    wrong: [
      {
        mistake: "holds-the-variance",
        message: "c acts through the variance too: add (2/m)·c·dv, the term that is forgotten most often",
        answer: normSlip(({ du }, _, { r }) => ({ dc: du.map((d) => r * d) })),
      },
      {
        mistake: "forgets-the-m-of-the-variance",
        message: "the variance is a mean: what comes back through it is divided by m",
        answer: normSlip(({ du, dv }, _, { c, r }) => ({ dc: du.map((d, i) => r * d + 2 * c[i]! * dv) })),
      },
      {
        mistake: "holds-the-mean",
        message: "x acts through the mean too: add dmu/m",
        answer: normSlip(({ dc }) => ({ dx: dc })),
      },
      {
        mistake: "forgets-the-m-of-the-mean",
        message: "each x is one of m in the mean, so it gets only the mth part of dmu",
        answer: normSlip(({ dc, dmu }) => ({ dx: dc.map((d) => d + dmu) })),
      },
      {
        mistake: "forgets-the-scale",
        message: "y is gamma times u, so du is gamma times dy",
        answer: normSlip((_, dy) => ({ du: [...dy] })),
      },
      {
        mistake: "forgets-the-scale-in-dr",
        message: "r stands in every u, so dr adds up du times c: with dy in place of du, gamma is missing",
        answer: normSlip((_, dy, { c }) => ({ dr: dy.reduce((sum, d, i) => sum + d * c[i]!, 0) })),
      },
      {
        mistake: "wrong-sign-of-the-power",
        message: "the exponent -1/2 comes down with its sign: dv is minus a half times r³ times dr",
        answer: normSlip(({ dv }) => ({ dv: -dv })),
      },
      {
        mistake: "wrong-power",
        message: "r is (v + ε) to the power -1/2, so its derivative is -1/2 times r³",
        answer: normSlip(({ dr }, _, { r }) => ({ dv: -0.5 * r * dr })),
      },
      {
        mistake: "wrong-sign-of-the-mean",
        message: "the mean is subtracted in every c, so dmu is minus the sum of the dc",
        answer: normSlip(({ dmu, dc }, { length }) => ({ dmu: -dmu, dx: dc.map((d) => d - dmu / length) })),
      },
    ],
  },
  netBack: {
    ours: netBack,
    traits: [
      netTrait("dSecond agrees with finite differences", "second"),
      netTrait("dFirst agrees with finite differences", "first"),
    ],
    wrong: [
      {
        mistake: "forgets-the-mean",
        message: "the loss is a mean over the images: divide by their number",
        answer: netSlip({ dz: (value, right) => value - right }),
      },
      {
        mistake: "forgets-the-target",
        message: "dz is what the network says minus what it should have said: subtract t",
        answer: netSlip({ dz: (value, _, images) => value / images }),
      },
      {
        mistake: "gates-by-the-gradient",
        message:
          "ReLU's gate is set by its input, so it is open where h is positive, whatever the gradient's sign",
        answer: netSlip({ gate: (d) => d > 0 }),
      },
      {
        mistake: "forgets-the-gate",
        message: "where ReLU cut, h is 0 and nothing goes back: let through only where h is positive",
        answer: netSlip({ gate: () => true }),
      },
      {
        mistake: "takes-its-own-norm",
        message:
          "the way back through batch norm is given as `norm`, and is another one where the chapter tries a wrong one: call norm",
        answer: netSlip({ norm: normBack }),
      },
      {
        mistake: "passes-the-norm-by",
        message: "batch norm stands between the first layer and the ReLU: send each column through norm",
        answer: netSlip({ norm: (dy, channel) => ({ ...normBack(dy, channel), dx: [...dy] }) }),
      },
    ],
  },
  autocorrelation: {
    ours: autocorrelation,
    traits: [
      check.trait("it is what the spectrum of the series gives", {
        draw: drawWalk,
        see: (answer: Autocorrelation, series) => answer(series),
        right: fromSpectrum,
        within: 1e-9,
      }),
      check.trait("shifting the series and multiplying it changes nothing", {
        draw: drawWalk,
        see: (answer: Autocorrelation, series) => answer(series.map((value) => 5 - 2 * value)),
        right: fromSpectrum,
        within: 1e-9,
      }),
    ],
    wrong: [
      {
        mistake: "forgets-the-mean",
        message: "the series is not centred: whatever all samples share then counts as correlation",
        answer: (series) => series.map((_, lag) => total(products(series, lag)) / total(products(series, 0))),
      },
      {
        mistake: "averages-each-lag",
        message:
          "each lag is divided by its own number of terms: divide all by the sum at lag 0, or the late lags, which have few terms, run wild",
        answer: (series) => {
          const mean = (lag: number) => {
            const terms = products(centredOf(series), lag);
            return total(terms) / terms.length;
          };
          return series.map((_, lag) => mean(lag) / mean(0));
        },
      },
      {
        mistake: "forgets-the-variance",
        message: "lag 0 should give 1: divide by the sum at lag 0",
        answer: (series) => series.map((_, lag) => total(products(centredOf(series), lag))),
      },
      {
        mistake: "goes-round",
        message: "behind the last sample it goes on with the first: stop where the later sample runs out",
        answer: (series) => {
          const d = centredOf(series);
          const round = (lag: number) => total(d.map((value, i) => value * d[(i + lag) % d.length]!));
          return series.map((_, lag) => round(lag) / round(0));
        },
      },
    ],
  },
} satisfies {
  walkBack: check.Turn<WalkBack>;
  normBack: check.Turn<NormBack>;
  netBack: check.Turn<NetBack>;
  autocorrelation: check.Turn<Autocorrelation>;
};
