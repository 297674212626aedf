// Chapter 10's parts that the reader writes: ours, what each must do, and the slips that the checks tell apart.
import { autodiff, check, runtime } from "residual";

const { tf } = runtime;

type Images = runtime.tf.Tensor4D;

function stochasticDepth(x: Images, made: Images, survival: number, draw: number | "inference"): Images {
  if (draw === "inference") return tf.add(x, tf.mul(made, survival));
  return draw < survival ? tf.add(x, made) : x;
}

function squeezeExcite(made: Images, first: runtime.tf.Tensor2D, second: runtime.tf.Tensor2D): Images {
  const z = tf.mean<runtime.tf.Tensor2D>(made, [1, 2]);
  const s = tf.sigmoid(tf.matMul(tf.relu(tf.matMul(z, first)), second));
  return tf.mul(made, tf.reshape<runtime.tf.Rank.R4>(s, [made.shape[0], 1, 1, made.shape[3]]));
}

function groupedConvolution(x: Images, kernels: readonly Images[]): Images {
  const parts = tf.split<Images>(x, kernels.length, 3);
  return tf.concat(
    parts.map((part, i) => tf.conv2d(part, kernels[i]!, 1, "same")),
    3,
  );
}

type Unit = {
  readonly x: check.PlainTensor;
  readonly made: check.PlainTensor;
  readonly survival: number;
  readonly draw: number | "inference";
};

type Excited = {
  readonly made: check.PlainTensor;
  readonly first: check.PlainTensor;
  readonly second: check.PlainTensor;
};

type Grouped = { readonly x: check.PlainTensor; readonly kernels: readonly check.PlainTensor[] };

const images = (given: check.PlainTensor) => check.tensor(given) as Images;
const matrix = (given: check.PlainTensor) => check.tensor(given) as runtime.tf.Tensor2D;

const depthTrait = (title: string, drawn: (survival: number) => number | "inference", part: number) =>
  check.trait(title, {
    draw: (from): Unit => {
      const survival = 0.3 + 0.4 * from.uniform();
      return {
        x: check.oddTensor(from, [1, 1, 2, 2]),
        made: check.oddTensor(from, [1, 1, 2, 2]),
        survival,
        draw: drawn(survival),
      };
    },
    see: (answer: typeof stochasticDepth, { x, made, survival, draw }) =>
      check.plain(answer(images(x), images(made), survival, draw)),
    right: ({ x, made, survival, draw }) => ({
      shape: x.shape,
      values: x.values.map((value, i) => value + (draw === "inference" ? survival : part) * made.values[i]!),
    }),
  });

/** Squeeze and excitation by its indices, in float64. */
function excited({ made, first, second }: Excited): check.PlainTensor {
  const [f, a, b] = [made, first, second].map(check.float64) as [
    autodiff.NdArray,
    autodiff.NdArray,
    autodiff.NdArray,
  ];
  const [count, height, width, channels] = f.shape as [number, number, number, number];
  const sum = (length: number, term: (i: number) => number) =>
    Array.from({ length }, (_, i) => term(i)).reduce((x, y) => x + y, 0);
  const factor = (n: number, c: number) => {
    const z = (k: number) =>
      sum(height, (i) => sum(width, (j) => autodiff.at(f, n, i, j, k))) / (height * width);
    const hidden = (j: number) =>
      Math.max(
        sum(channels, (k) => z(k) * autodiff.at(a, k, j)),
        0,
      );
    return 1 / (1 + Math.exp(-sum(a.shape[1]!, (j) => hidden(j) * autodiff.at(b, j, c))));
  };
  const all = autodiff.tabulate(
    [count, height, width, channels],
    (n, i, j, c) => factor(n, c) * autodiff.at(f, n, i, j, c),
  );
  return check.plainFrom(all);
}

/** One convolution with a kernel that is 0 wherever an input channel belongs to another group than the output channel. */
function blockDiagonal({ x, kernels }: Grouped): Images {
  const inputs = kernels[0]!.shape[2]!;
  const outputs = kernels[0]!.shape[3]!;
  const blocks = kernels.map(check.float64);
  const groups = kernels.length;
  const whole = autodiff.tabulate([3, 3, groups * inputs, groups * outputs], (u, v, c, k) => {
    const group = Math.floor(c / inputs);
    if (group !== Math.floor(k / outputs)) return 0;
    return autodiff.at(blocks[group]!, u, v, c % inputs, k % outputs);
  });
  return tf.conv2d(images(x), images({ shape: whole.shape, values: [...whole.data] }), 1, "same");
}

export const turns = {
  stochasticDepth: {
    ours: stochasticDepth,
    traits: [
      depthTrait("a draw below the survival keeps the unit whole", (survival) => survival - 0.1, 1),
      depthTrait("a draw above it leaves the shortcut alone", (survival) => survival + 0.1, 0),
      depthTrait("in inference mode F counts by its survival", () => "inference", 0),
    ],
    wrong: [
      {
        mistake: "keeps-what-should-go",
        message: "the unit survives with the probability `survival`, so where the draw is *below* it",
        answer: (x, made, survival, draw) =>
          stochasticDepth(x, made, survival, draw === "inference" ? draw : 2 * survival - draw),
      },
      {
        mistake: "drops-the-shortcut-too",
        message: "what is left out is F, not the unit's input: a dropped unit gives x",
        answer: (x, made, survival, draw) =>
          draw === "inference" || draw < survival
            ? stochasticDepth(x, made, survival, draw)
            : tf.zerosLike(x),
      },
      {
        mistake: "forgets-inference",
        message:
          "in inference mode all units are there, each F multiplied by its survival, so that it is what it was on average",
        answer: (x, made, survival, draw) =>
          stochasticDepth(x, made, survival, draw === "inference" ? 0 : draw),
      },
      {
        mistake: "scales-in-training",
        message:
          "dividing by the survival in training, as dropout in today's libraries does, is another way to the same mean: here F is multiplied by it in inference mode instead, as in the paper",
        answer: (x, made, survival, draw) => {
          if (draw === "inference") return tf.add(x, made);
          return draw < survival ? tf.add(x, tf.div(made, survival)) : x;
        },
      },
      {
        mistake: "scales-in-both",
        message:
          "F is multiplied by the survival in training too: there the unit that stays gives x + F(x), whole, and the factor belongs to inference mode alone",
        answer: (x, made, survival, draw) =>
          draw === "inference" || draw < survival ? tf.add(x, tf.mul(made, survival)) : x,
      },
      {
        mistake: "scales-the-shortcut",
        message:
          "in inference mode only F is multiplied by the survival: x passes whole, as it did in training",
        answer: (x, made, survival, draw) =>
          draw === "inference" ? tf.mul(tf.add(x, made), survival) : stochasticDepth(x, made, survival, draw),
      },
    ],
  },
  squeezeExcite: {
    ours: squeezeExcite,
    traits: [
      check.trait("each channel of each image gets its own factor", {
        draw: (from): Excited => ({
          made: check.oddTensor(from, [2, 2, 3, 4]),
          first: check.oddTensor(from, [4, 2]),
          second: check.oddTensor(from, [2, 4]),
        }),
        see: (answer: typeof squeezeExcite, { made, first, second }) =>
          check.plain(answer(images(made), matrix(first), matrix(second))),
        right: excited,
        within: 1e-5,
      }),
    ],
    wrong: [
      {
        mistake: "squeezes-over-the-images",
        message: "the mean is taken over rows and columns, axes 1 and 2; each image has its own",
        answer: (made, first, second) => {
          const z = tf.reshape<runtime.tf.Rank.R2>(tf.mean(made, [0, 1, 2]), [1, -1]);
          return tf.mul(made, tf.sigmoid(tf.matMul(tf.relu(tf.matMul(z, first)), second)));
        },
      },
      {
        mistake: "forgets-the-relu",
        message: "between the two matrices stands a ReLU; without it they are one matrix",
        answer: (made, first, second) => {
          const z = tf.mean<runtime.tf.Tensor2D>(made, [1, 2]);
          const s = tf.sigmoid(tf.matMul(tf.matMul(z, first), second));
          return tf.mul(made, tf.reshape<runtime.tf.Rank.R4>(s, [made.shape[0], 1, 1, made.shape[3]]));
        },
      },
      {
        mistake: "forgets-the-sigmoid",
        message: "a factor lies between 0 and 1: the sigmoid comes last",
        answer: (made, first, second) => {
          const z = tf.mean<runtime.tf.Tensor2D>(made, [1, 2]);
          const s = tf.matMul(tf.relu(tf.matMul(z, first)), second);
          return tf.mul(made, tf.reshape<runtime.tf.Rank.R4>(s, [made.shape[0], 1, 1, made.shape[3]]));
        },
      },
      {
        mistake: "gives-the-factor",
        message: "this adds the factor: the unit multiplies each channel by it",
        answer: (made, first, second) => {
          const z = tf.mean<runtime.tf.Tensor2D>(made, [1, 2]);
          const s = tf.sigmoid(tf.matMul(tf.relu(tf.matMul(z, first)), second));
          return tf.add(made, tf.reshape<runtime.tf.Rank.R4>(s, [made.shape[0], 1, 1, made.shape[3]]));
        },
      },
    ],
  },
  groupedConvolution: {
    ours: groupedConvolution,
    traits: [
      check.trait("it is one convolution whose kernel is 0 between groups", {
        draw: (from, i): Grouped => {
          const groups = 2 + (i % 2);
          return {
            x: check.oddTensor(from, [1, 3, 3, 2 * groups]),
            kernels: Array.from({ length: groups }, () => check.oddTensor(from, [3, 3, 2, 3])),
          };
        },
        see: (answer: typeof groupedConvolution, { x, kernels }) =>
          check.plain(answer(images(x), kernels.map(images))),
        right: (grouped) => check.plain(blockDiagonal(grouped)),
        within: 1e-4,
      }),
    ],
    wrong: [
      {
        mistake: "adds-the-groups",
        message: "the groups' outputs are added: keep them side by side, each has its own channels",
        answer: (x, kernels) =>
          tf.addN(
            tf.split<Images>(x, kernels.length, 3).map((part, i) => tf.conv2d(part, kernels[i]!, 1, "same")),
          ),
      },
      {
        mistake: "uses-one-kernel",
        message: "every group is convolved with the first kernel: each group has its own",
        answer: (x, kernels) =>
          groupedConvolution(
            x,
            kernels.map(() => kernels[0]!),
          ),
      },
      {
        mistake: "turns-the-groups-round",
        message: "the groups come out in the wrong order: the first kernel makes the first channels",
        answer: (x, kernels) =>
          tf.concat(
            tf
              .split<Images>(x, kernels.length, 3)
              .map((part, i) => tf.conv2d(part, kernels[i]!, 1, "same"))
              .reverse(),
            3,
          ),
      },
    ],
  },
} satisfies {
  stochasticDepth: check.Turn<typeof stochasticDepth>;
  squeezeExcite: check.Turn<typeof squeezeExcite>;
  groupedConvolution: check.Turn<typeof groupedConvolution>;
};
