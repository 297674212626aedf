// Chapter 06's parts that the reader writes: ours, what each must do, and the slips that the checks tell apart.
import { analysis, check, runtime, train } from "residual";

const { tf } = runtime;

function scheduledRate(step: number, steps: number): number {
  if (step < steps / 2) return 0.1;
  if (step < (3 * steps) / 4) return 0.01;
  return 0.001;
}

type Crop = { readonly down: number; readonly right: number; readonly mirrored: boolean };

function cropAndMirror(image: readonly (readonly number[])[], pad: number, crop: Crop): number[][] {
  return image.map((row, y) => {
    const from = image[y + crop.down - pad];
    const cropped = row.map((_, x) => from?.[x + crop.right - pad] ?? 0);
    return crop.mirrored ? cropped.reverse() : cropped;
  });
}

type Interval = { readonly mean: number; readonly lower: number; readonly upper: number };

function pairedInterval(a: readonly number[], b: readonly number[], t: number): Interval {
  const differences = a.map((value, seed) => value - b[seed]!);
  const n = differences.length;
  const mean = differences.reduce((sum, d) => sum + d, 0) / n;
  const variance = differences.reduce((sum, d) => sum + (d - mean) ** 2, 0) / (n - 1);
  const half = t * Math.sqrt(variance / n);
  return { mean, lower: mean - half, upper: mean + half };
}

type Step = { readonly step: number; readonly steps: number };
const rightRate = ({ step, steps }: Step): number =>
  train.stepSchedule({ learningRate: 0.1, at: [steps / 2, (3 * steps) / 4] }).learningRate(step);
const seeRate = (answer: typeof scheduledRate, { step, steps }: Step): number => answer(step, steps);

type Picture = { readonly image: number[][]; readonly pad: number; readonly crop: Crop };
function drawPicture(from: Parameters<typeof check.oneOf>[0], mirrored: boolean): Picture {
  // Pad, down and right: the last two differ, neither is the middle, and to exchange them is not to come from the other side.
  const [pad, down, right] = check.oneOf(from, [
    [2, 0, 3],
    [2, 4, 1],
    [3, 1, 4],
    [3, 4, 0],
  ] as const);
  // More columns than rows, so that the one is not taken for the other.
  const image = Array.from({ length: 5 }, () => Array.from({ length: 6 }, () => 1 + from.integer(250)));
  return { image, pad, crop: { down, right, mirrored } };
}
/** The same by TensorFlow: padded, cut out, turned round. */
function pictureByTensors({ image, pad, crop }: Picture): number[][] {
  return tf.tidy(() => {
    const padded = tf.pad(tf.tensor2d(image), [
      [pad, pad],
      [pad, pad],
    ]);
    const cut = tf.slice2d(padded, [crop.down, crop.right], [image.length, image[0]!.length]);
    return (crop.mirrored ? tf.reverse2d(cut, 1) : cut).arraySync();
  });
}
const seePicture = (answer: typeof cropAndMirror, { image, pad, crop }: Picture) => answer(image, pad, crop);

/** Student's t of a 95 % interval, by how many pairs. */
const studentT: Readonly<Record<number, number>> = { 3: 4.302652729911275, 5: 2.7764451051977987 };
type Pairs = { readonly a: number[]; readonly b: number[]; readonly t: number };
function drawPairs(from: Parameters<typeof check.oneOf>[0], i: number): Pairs {
  const n = i % 2 === 0 ? 3 : 5;
  const common = Array.from({ length: n }, () => 5 * from.normal());
  return {
    a: common.map((seed) => seed + from.normal() + 1),
    b: common.map((seed) => seed + from.normal()),
    t: studentT[n]!,
  };
}
const listed = ({ mean, lower, upper }: Interval): number[] => [mean, lower, upper];
const deviation = (values: readonly number[]): number => analysis.meanInterval(values).deviation;
const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
const around = (mean: number, half: number): Interval => ({ mean, lower: mean - half, upper: mean + half });

export const turns = {
  scheduledRate: {
    ours: scheduledRate,
    traits: [
      check.trait("it has the right rate within each of the three parts", {
        times: 7,
        // Each part's inside, where drops at quarters and at thirds differ from ours in turn, and the last steps before a drop.
        draw: (from, i): Step => ({
          step: [42 + from.integer(10), 55 + from.integer(20), 82 + from.integer(20), 108 + from.integer(6)]
            .concat(122 + from.integer(30), 79, 119)
            .at(i)!,
          steps: 160,
        }),
        see: seeRate,
        right: rightRate,
        within: 1e-9,
      }),
      check.trait("it drops on the very step that begins the next part, for other numbers of steps too", {
        times: 4,
        draw: (from, i): Step => {
          const steps = 4 * (10 + from.integer(50));
          return { steps, step: ((i % 2) + 2) * (steps / 4) };
        },
        see: seeRate,
        right: rightRate,
        within: 1e-9,
      }),
    ],
    wrong: [
      {
        mistake: "drops-a-step-late",
        message:
          "the rate drops one step late: steps count from 0, so the second half begins with step `steps / 2` itself",
        answer: (step, steps) => (step <= steps / 2 ? 0.1 : step <= (3 * steps) / 4 ? 0.01 : 0.001),
      },
      {
        mistake: "drops-early",
        message:
          "the rate drops too early: steps count from 0, so step `steps / 2 - 1` is still in the first half",
        answer: (step, steps) => (step + 1 < steps / 2 ? 0.1 : step + 1 < (3 * steps) / 4 ? 0.01 : 0.001),
      },
      {
        mistake: "drops-once",
        message: "the second drop is missing: after three quarters the rate is divided by ten again",
        answer: (step, steps) => (step < steps / 2 ? 0.1 : 0.01),
      },
      {
        mistake: "drops-at-thirds",
        message:
          "the drops come after a third and two thirds: the paper has them after one half and three quarters",
        answer: (step, steps) => (step < steps / 3 ? 0.1 : step < (2 * steps) / 3 ? 0.01 : 0.001),
      },
      {
        mistake: "keeps-the-papers-steps",
        message:
          "the drops are at 32,000 and 48,000, whatever `steps` says: keep their proportion, not their number",
        answer: (step) => (step < 32_000 ? 0.1 : step < 48_000 ? 0.01 : 0.001),
      },
    ],
  } satisfies check.Turn<typeof scheduledRate>,

  cropAndMirror: {
    ours: cropAndMirror,
    traits: [
      check.trait("it cuts the crop out of the padded image", {
        draw: (from) => drawPicture(from, false),
        see: seePicture,
        right: pictureByTensors,
      }),
      check.trait("it mirrors what it has cut out", {
        draw: (from) => drawPicture(from, true),
        see: seePicture,
        right: pictureByTensors,
      }),
      check.trait("it cuts the middle out without a change", {
        times: 1,
        draw: (from): Picture => {
          const { image, pad } = drawPicture(from, false);
          return { image, pad, crop: { down: pad, right: pad, mirrored: false } };
        },
        see: seePicture,
        right: ({ image }) => image,
      }),
    ],
    wrong: [
      {
        mistake: "mirrors-first",
        message:
          "the image is mirrored before it is cropped, so the crop comes from the other side: crop, then mirror",
        answer: (image, pad, crop) =>
          cropAndMirror(crop.mirrored ? image.map((row) => [...row].reverse()) : image, pad, {
            ...crop,
            mirrored: false,
          }),
      },
      {
        mistake: "swaps-the-axes",
        message: "down and right are exchanged: the first index of an image is its row",
        answer: (image, pad, { down, right, mirrored }) =>
          cropAndMirror(image, pad, { down: right, right: down, mirrored }),
      },
      {
        mistake: "moves-the-other-way",
        message: "the crop begins on the other side: a crop that begins further down shows what lies lower",
        answer: (image, pad, { down, right, mirrored }) =>
          cropAndMirror(image, pad, { down: 2 * pad - down, right: 2 * pad - right, mirrored }),
      },
      {
        mistake: "repeats-the-border",
        message: "outside the image its border is repeated: the padding is zeros",
        answer: (image, pad, { down, right, mirrored }) => {
          const last = image.length - 1;
          const inside = (i: number) => Math.min(Math.max(i, 0), last);
          return image.map((row, y) => {
            const cropped = row.map((_, x) => image[inside(y + down - pad)]![inside(x + right - pad)]!);
            return mirrored ? cropped.reverse() : cropped;
          });
        },
      },
    ],
  } satisfies check.Turn<typeof cropAndMirror>,

  pairedInterval: {
    ours: pairedInterval,
    traits: [
      check.trait("its middle is the mean difference, a minus b", {
        draw: drawPairs,
        see: (answer: typeof pairedInterval, { a, b, t }) => answer(a, b, t).mean,
        right: ({ a, b }) => meanOf(a) - meanOf(b),
      }),
      check.trait("it is as wide as the differences scatter", {
        times: 4,
        draw: drawPairs,
        see: (answer: typeof pairedInterval, { a, b, t }) => listed(answer(a, b, t)),
        right: ({ a, b }) => listed(analysis.meanInterval(a.map((value, i) => value - b[i]!))),
        within: 1e-3, // the chapter's own table of Student's t has three decimals
      }),
    ],
    wrong: [
      {
        mistake: "ignores-the-pairs",
        message:
          "the two columns' own deviations are used: take the difference of each pair first, then the deviation of the differences",
        answer: (a, b, t) =>
          around(meanOf(a) - meanOf(b), (t * Math.hypot(deviation(a), deviation(b))) / Math.sqrt(a.length)),
      },
      {
        mistake: "divides-by-n",
        message: "the variance is divided by n: one number is spent on the mean, so n - 1 are left",
        answer(a, b, t) {
          const n = a.length;
          const { mean, deviation: s } = analysis.meanInterval(a.map((value, i) => value - b[i]!));
          return around(mean, (t * s * Math.sqrt((n - 1) / n)) / Math.sqrt(n));
        },
      },
      {
        mistake: "forgets-the-root-of-n",
        message: "that is s, how one difference scatters: the mean of n of them scatters by s / √n",
        answer(a, b, t) {
          const { mean, deviation: s } = analysis.meanInterval(a.map((value, i) => value - b[i]!));
          return around(mean, t * s);
        },
      },
      {
        mistake: "turns-the-sign",
        message: "the difference is the wrong way round: it is a minus b",
        answer: (a, b, t) => pairedInterval(b, a, t),
      },
    ],
  } satisfies check.Turn<typeof pairedInterval>,
};
