// Chapter 10's parts that the reader writes: ours, what each must do, and the slips that the checks tell apart.
import { analysis, autodiff, check, nn, runtime } from "residual";

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

function denseBlock(x: Images, kernels: readonly Images[]): Images {
  let all = x;
  for (const kernel of kernels) {
    const made = tf.conv2d(tf.relu(all), kernel, 1, "same");
    all = tf.concat([all, made], 3);
  }
  return all;
}

function zeroStart(network: nn.Network): nn.Network {
  for (const { name, variable } of network.variables()) {
    if (name.endsWith(".norm2.scale")) variable.assign(tf.zerosLike(variable));
  }
  return network;
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

/** What an answer gives, which may not dispose of its inputs: the chapter goes on with them. */
function keeping<Given>(inputs: readonly runtime.tf.Tensor[], call: () => Given): Given {
  const given = call();
  if (inputs.some(({ isDisposed }) => isDisposed))
    throw new Error("it disposes of what it is given, and who calls it still needs that");
  return given;
}

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
    see: (answer: typeof stochasticDepth, unit) => {
      const [x, made] = [images(unit.x), images(unit.made)];
      return check.plain(keeping([x, made], () => answer(x, made, unit.survival, unit.draw)));
    },
    right: ({ x, made, survival, draw }) => ({
      shape: x.shape,
      values: x.values.map((value, i) => value + (draw === "inference" ? survival : part) * made.values[i]!),
    }),
  });

/** What a part makes of an image by a list of kernels. */
function seeKernels(answer: typeof groupedConvolution, grouped: Grouped): Promise<check.PlainTensor> {
  const [x, ...kernels] = [grouped.x, ...grouped.kernels].map(images);
  return check.plain(keeping([x!, ...kernels], () => answer(x!, kernels)));
}

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

/** Every new group of channels as a sum over what came before, each with its own part of the kernel: the lemma of the chapter. */
function denseBySums({ x, kernels }: Grouped): Images {
  const made = [images(x)];
  for (const kernel of kernels) {
    const parts = tf.split<Images>(
      images(kernel),
      made.map(({ shape }) => shape[3]),
      2,
    );
    made.push(tf.addN(made.map((one, j) => tf.conv2d(tf.maximum(one, 0), parts[j]!, 1, "same"))));
  }
  return tf.concat(made, 3);
}

type Fresh = { readonly seed: number; readonly pixels: number[] };
const drawFresh = (from: Parameters<typeof check.oneOf>[0]): Fresh => ({
  seed: 1 + from.integer(1000),
  pixels: check.oddNumbers(from, 3 * 36),
});
const networkOf = (seed: number) =>
  nn.cifarResNet({ depth: 8, widths: [4, 6, 8], inputShape: [6, 6, 1], classes: 3, seed });
const pixelsOf = ({ pixels }: Fresh) => tf.tensor4d(pixels, [3, 6, 6, 1]);

/** A fresh network as the answer gives it back: the same one, changed in place. */
function startedBy(answer: typeof zeroStart, seed: number): nn.Network {
  const network = networkOf(seed);
  if (answer(network) !== network)
    throw new Error("it must give back the network that it was given, which the chapter then works with");
  return network;
}

/** What a first step moves: of the three branches' last scales, and of their six convolutions, how many have a gradient that is not 0. */
function movedByFirstStep(answer: typeof zeroStart, fresh: Fresh): number[] {
  const network = startedBy(answer, fresh.seed);
  const loss = () => {
    const logits = network.forward(pixelsOf(fresh), { training: true });
    return tf.mean(runtime.softmaxCrossEntropy(logits, tf.tensor1d([0, 1, 2], "int32"))).asScalar();
  };
  const moved = [/\.norm2\.scale$/, /unit\d+\.conv\d\.weight$/].map((names) => {
    const asked = network.variables().filter(({ name }) => names.test(name));
    const { grads } = tf.variableGrads(
      loss,
      asked.map(({ variable }) => variable),
    );
    return Object.values(grads).filter((gradient) => tf.max(tf.abs(gradient)).arraySync() !== 0).length;
  });
  network.dispose();
  return moved;
}

/** Zero start of the variables whose names match. */
const zeroed = (names: RegExp) => (network: nn.Network) => {
  for (const { name, variable } of network.variables())
    if (names.test(name)) variable.assign(tf.zerosLike(variable));
  return network;
};

/** The residual network with the zero start, for the processes of the chapter's sweep: they cannot see a notebook's cells. */
export const zeroStartNetwork = (seed: number, options: Omit<nn.CifarResNetOptions, "seed">): nn.Network =>
  zeroStart(nn.cifarResNet({ ...options, seed }));

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
        see: (answer: typeof squeezeExcite, given) => {
          const [made, first, second] = [images(given.made), matrix(given.first), matrix(given.second)];
          return check.plain(keeping([made, first, second], () => answer(made, first, second)));
        },
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
        see: seeKernels,
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
  denseBlock: {
    ours: denseBlock,
    traits: [
      check.trait("one unit: the input first, the new channels behind it", {
        draw: (from): Grouped => ({
          x: check.oddTensor(from, [1, 3, 3, 2]),
          kernels: [check.oddTensor(from, [3, 3, 2, 3])],
        }),
        see: seeKernels,
        right: (grouped) => check.plain(denseBySums(grouped)),
        within: 1e-4,
      }),
      check.trait("three units: each reads everything made before it", {
        draw: (from): Grouped => ({
          x: check.oddTensor(from, [1, 3, 3, 2]),
          kernels: [0, 1, 2].map((unit) => check.oddTensor(from, [3, 3, 2 + 2 * unit, 2])),
        }),
        see: seeKernels,
        right: (grouped) => check.plain(denseBySums(grouped)),
        within: 1e-3,
      }),
    ],
    wrong: [
      {
        mistake: "puts-the-new-first",
        message:
          "the new channels stand in front: put them behind, because the next kernel expects the oldest first",
        answer: (x, kernels) =>
          kernels.reduce<Images>(
            (all, kernel) => tf.concat([tf.conv2d(tf.relu(all), kernel, 1, "same"), all], 3),
            x,
          ),
      },
      {
        mistake: "drops-the-input",
        message: "the input is missing from the result: a dense block keeps it, as it keeps everything",
        answer: (x, kernels) => tf.slice(denseBlock(x, kernels), [0, 0, 0, x.shape[3]], [-1, -1, -1, -1]),
      },
      {
        mistake: "forgets-the-relu",
        message: "between two convolutions stands a ReLU; without it the block is one linear map",
        answer: (x, kernels) =>
          kernels.reduce<Images>((all, kernel) => tf.concat([all, tf.conv2d(all, kernel, 1, "same")], 3), x),
      },
      {
        mistake: "relu-after-the-convolution",
        message:
          "the ReLU comes after the convolution here: a dense unit normalises and rectifies what it reads, then convolves",
        answer: (x, kernels) =>
          kernels.reduce<Images>(
            (all, kernel) => tf.concat([all, tf.relu(tf.conv2d(all, kernel, 1, "same"))], 3),
            x,
          ),
      },
      {
        mistake: "keeps-the-rectified",
        message:
          "what is kept has gone through the ReLU: it belongs to the unit that reads, and the heap keeps what was made",
        answer: (x, kernels) =>
          kernels.reduce<Images>((all, kernel) => {
            const read = tf.relu(all);
            return tf.concat([read, tf.conv2d(read, kernel, 1, "same")], 3);
          }, x),
      },
    ],
  },
  zeroStart: {
    ours: zeroStart,
    traits: [
      check.trait("the network equals its shortcuts alone", {
        draw: drawFresh,
        see: (answer: typeof zeroStart, fresh) => {
          const network = startedBy(answer, fresh.seed);
          const logits = check.plain(network.forward(pixelsOf(fresh), { training: false }));
          network.dispose();
          return logits;
        },
        right: (fresh) => {
          const network = networkOf(fresh.seed);
          const units = network.units.map(({ name }) => name);
          const bare = analysis.withoutUnits(network, units);
          const logits = check.plain(bare.forward(pixelsOf(fresh), { training: false }));
          network.dispose();
          return logits;
        },
        within: 1e-5,
      }),
      check.trait("in a first step the three last scales move, and no convolution of a branch yet", {
        draw: drawFresh,
        see: movedByFirstStep,
        right: () => [3, 0],
      }),
    ],
    wrong: [
      {
        mistake: "zeroes-the-first-norm",
        message:
          "with the scale of `norm1` at 0 the ReLU behind it gets 0 and sends no gradient back, so the branch never learns: it is the last batch norm whose scale begins at 0",
        answer: zeroed(/\.norm1\.scale$/),
      },
      {
        mistake: "zeroes-the-convolution",
        message:
          "here the last convolution is 0 and its batch norm normalises zeros, so the norm's scale gets no gradient: the scale itself begins at 0",
        answer: zeroed(/\.conv2\.weight$/),
      },
      {
        mistake: "zeroes-every-norm",
        message:
          "the batch norm behind the first convolution is 0 as well, and then all images look alike: only the branches' last ones begin at 0",
        answer: zeroed(/norm[12]?\.scale$/),
      },
      {
        mistake: "zeroes-the-shift",
        message: "the shift is 0 anyway: the scale multiplies what the branch makes",
        answer: zeroed(/\.norm2\.shift$/),
      },
    ],
  },
} satisfies {
  stochasticDepth: check.Turn<typeof stochasticDepth>;
  squeezeExcite: check.Turn<typeof squeezeExcite>;
  groupedConvolution: check.Turn<typeof groupedConvolution>;
  denseBlock: check.Turn<typeof denseBlock>;
  zeroStart: check.Turn<typeof zeroStart>;
};
