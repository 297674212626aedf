// How each public function with options is called: its arguments before the options, and options that it accepts.
import * as tf from "@tensorflow/tfjs-core";
import { encodePng } from "./display/png.js";
import * as residual from "./index.js";
import { smallModel, stripes } from "./train/small-model.fixture.js";

/** One function: what goes before its options, and options that it accepts, where it needs some. */
export interface PublicCall {
  readonly call: (...options: unknown[]) => unknown;
  readonly accepted?: Readonly<Record<string, unknown>>;
  /** What its errors call it, where it is not the last part of its path. */
  readonly called?: string;
}

const { analysis, autodiff, check, data, nn, plot, runtime, train } = residual;

/** Any function, called as JavaScript may. */
const of =
  (work: (...args: never[]) => unknown, ...main: unknown[]) =>
  (...options: unknown[]): unknown =>
    (work as (...args: unknown[]) => unknown)(...main, ...options);

const oneRun = {
  networks: [{ model: "cifarResNet", options: { depth: 8, widths: [1, 1, 1], inputShape: [28, 28, 1] } }],
  data: { name: "fashion-mnist-sample", perClass: [1, 1] },
  recipe: { steps: 1, batchSize: 10 },
  seeds: [1],
};

/** Work as an interrupted cell has it: it begins nothing. */
async function whileInterrupted(work: () => unknown): Promise<unknown> {
  const cell = globalThis as Record<symbol, unknown>;
  const key = Symbol.for("residual.signal");
  cell[key] = AbortSignal.abort();
  try {
    return await work();
  } finally {
    // eslint-disable-next-line @typescript-eslint/no-dynamic-delete
    delete cell[key];
  }
}

/** Every call by the path under which the reflection finds it. Needs a started backend; the caller disposes the network. */
export function publicCalls(network: residual.nn.Network): Readonly<Record<string, PublicCall>> {
  const images = tf.randomNormal([4, 8, 8, 1], 0, 1, "float32", 1);
  const labels = tf.tensor1d([0, 1, 0, 1], "int32");
  const dataset = {
    name: "two", split: "train", images: Uint8Array.from({ length: 256 }, (_, i) => i), labels: Uint8Array.of(0, 1, 0, 1), imageShape: [8, 8, 1], classes: ["a", "b"],
  } as const; // prettier-ignore
  const source = data.batches(dataset);
  const whitePng = encodePng(Uint8Array.of(255), [1, 1, 1]);
  const unit = { name: "unit", shortcut: "identity", shape: [2], gradient: Float32Array.of(1, 2), carried: Float32Array.of(1, 0), residual: Float32Array.of(0, 2) }; // prettier-ignore
  const gradients = { network: "net", moment: "now", units: [unit], topNorm: 1 };
  const split = analysis.splitTrace(gradients);
  const identityReport = { network: "net", rows: [{ from: "a", to: "b", one: 1, sum: 1 }] };
  const x = autodiff.array([1, 2, 3]);
  const squares = (value: residual.autodiff.Operand) => autodiff.sum(autodiff.multiply(value, value));
  const traced = autodiff.trace(squares, [x]);
  const relu = autodiff.derive("relu");
  const axes = { title: "t", x: { title: "x" }, y: { title: "y" } };
  const series = [{ name: "s", y: [1, 2] }];
  const grid = { x: [0, 1], y: [0, 1], values: [[1, 2], [3, 4]] }; // prettier-ignore
  const heights = { ...axes, value: { title: "v" } };
  const change = { inChannels: 2, outChannels: 2, stride: 1 };
  const property = { worked: [{ input: 1, right: 1 }] };

  const calls: Record<string, PublicCall> = {
    "analysis.costOf": { call: of(analysis.costOf, network) },
    "analysis.equivalence": { call: of(analysis.equivalence, [1, 2, 3]), accepted: { to: 2, margin: 1 } },
    "analysis.equivalencePower": { call: of(analysis.equivalencePower, 3), accepted: { deviation: 1, margin: 1 } }, // prettier-ignore
    "analysis.runsForEquivalence": { call: of(analysis.runsForEquivalence), accepted: { deviation: 1, margin: 1 } }, // prettier-ignore
    "analysis.eulerRefined": { call: of(analysis.eulerRefined, network, 2) },
    "analysis.shareLaw": { call: of(analysis.shareLaw, "plain", 2) },
    "analysis.correlationLaw": { call: of(analysis.correlationLaw, [1]) },
    "analysis.inputSlopes": { call: of(analysis.inputSlopes, [[1], [2]], [1]), accepted: { depth: 1, width: 2, seed: 1 } }, // prettier-ignore
    "analysis.lineGradients": { call: of(analysis.lineGradients, network, tf.zeros([8, 8, 1]), tf.ones([8, 8, 1])), accepted: { statisticsOf: images } }, // prettier-ignore
    "analysis.splitGradients": { call: of(analysis.splitGradients, network, images, labels) },
    "analysis.traceGradients": { call: of(analysis.traceGradients, network, images, labels) },
    "analysis.splitTrace": { call: of(analysis.splitTrace, gradients) },
    "analysis.lossSurface": { call: of(analysis.lossSurface, network, source, [new Map([["head.bias", new Float32Array(2)]])]), accepted: { steps: [0] } }, // prettier-ignore
    "analysis.signalsThroughDepth": { call: of(analysis.signalsThroughDepth, network, images, labels) },

    "autodiff.backward": { call: of(autodiff.backward, traced.output, autodiff.full([], 1)) },
    "autodiff.grad": { call: of(autodiff.grad, squares) },
    "autodiff.jacobian": { call: of(autodiff.jacobian, squares, [x]) },
    "autodiff.vjp": { call: of(autodiff.vjp, squares, [x]) },
    "autodiff.draw": { call: of(autodiff.draw, traced) },
    "autodiff.toDot": { call: of(autodiff.toDot, traced) },
    "autodiff.checkGradient": { call: of(autodiff.checkGradient, squares, [x]) },
    "autodiff.checkTensorFlow": { call: of(autodiff.checkTensorFlow, tf.square, [tf.tensor1d([1])]) },
    "autodiff.verify": { call: of(autodiff.verify, relu), accepted: { witnesses: ["tape"] } },
    "autodiff.checkSteps": { call: of(autodiff.checkSteps, relu, relu.lines.slice(-1)), accepted: { witnesses: ["tape"] } }, // prettier-ignore

    "check.answer": { call: of(check.answer, 1, check.seal(1)), accepted: { hint: "h" } },
    "check.compare": { call: of(check.compare, { value: 1 }, 1) },
    "check.run": { call: of(check.run, [], () => null, {}) },
    "check.report": { call: of(check.report, []) },
    "check.judgeBy": { call: of(check.judgeBy, () => 1, []) },
    "check.trait": { call: of(check.trait, "t"), accepted: { draw: () => 1, see: () => 1, right: () => 1 } },
    "check.worked": { call: of(check.worked, property.worked) },

    "data.load": { call: of(data.load, "fashion-mnist-sample"), accepted: { limit: 1 } },
    "data.batches": { call: of(data.batches, dataset) },
    "data.photographs": { call: of(data.photographs) },
    "data.pictureFrom": { call: of(data.pictureFrom, whitePng), accepted: { name: "white" } },
    "data.mixSources": { call: of(data.mixSources, [source, source]) },

    "nn.batchNorm": { call: of(nn.batchNorm, 2) },
    "nn.conv2d": { call: of(nn.conv2d, 2, 2) },
    "nn.dense": { call: of(nn.dense, 2, 2) },
    "nn.exclusiveGate": { call: of(nn.exclusiveGate, change), accepted: { bias: 0 } },
    "nn.shortcutOnlyGate": { call: of(nn.shortcutOnlyGate, change), accepted: { bias: 0 } },
    "nn.maxPool": { call: of(nn.maxPool) },
    "nn.zeroPadding": { call: of(nn.zeroPadding, change) },
    "nn.residualUnit": { call: of(nn.residualUnit, [{ ...change, kernel: 3 }]) },
    "nn.initialise": { call: of(nn.initialise, nn.relu()), accepted: { seed: 1 } },
    "nn.summarise": { call: of(nn.summarise, network) },
    "nn.Network#summary": { call: (...options) => network.summary(...(options as [])) },
    "nn.Network#activations": { call: (...options) => { tf.dispose(network.activations(images as tf.Tensor4D, ...(options as []))); } }, // prettier-ignore
    ...family("cifarResNet", { depth: 8 }),
    ...family("plainNet", { depth: 8 }),
    "nn.cifarArchitecture": { call: of(nn.cifarArchitecture), accepted: { depth: 8 }, called: "cifarResNet" },
    ...family("cifarDenseNet", { depth: 7 }),
    ...family("cifarDenseNetArchitecture", { depth: 7 }, "cifarDenseNet"),
    ...family("imageNetDenseNet", { depth: 121, inputShape: [32, 32, 1], growth: 1 }),
    ...family("imageNetDenseNetArchitecture", { depth: 121 }, "imageNetDenseNet"),
    ...family("highway", { widths: [1, 1, 1] }),
    ...family("highwayArchitecture", {}, "highway"),
    ...family("imageNetResNet", { depth: 18, widths: [1, 1, 1, 1], inputShape: [32, 32, 1] }),
    ...family("imageNetArchitecture", { depth: 18 }, "imageNetResNet"),
    ...family("vgg", { depth: 11, widths: [1, 1, 1, 1, 1], features: 1, inputShape: [32, 32, 1] }),
    ...family("vggArchitecture", { depth: 11 }, "vgg"),

    "plot.dots": { call: of(plot.dots, [{ name: "s", values: [[1, 2]] }]), accepted: { ...axes, x: { title: "x", categories: ["a"] } } }, // prettier-ignore
    "plot.bars": { call: of(plot.bars, [{ name: "s", values: [1] }]), accepted: { ...axes, x: { title: "x", categories: ["a"] } } }, // prettier-ignore
    "plot.moving": { call: of(plot.moving, [1, 2].map((y) => ({ label: String(y), figure: plot.lines([{ name: "s", y: [y] }], axes) }))), accepted: { slider: "step" } }, // prettier-ignore
    "plot.image": { call: of(plot.image, Uint8Array.of(1), [1, 1, 1]) },
    "plot.latex": { call: of(plot.latex, "x") },
    "plot.clearOutput": { call: of(plot.clearOutput) },
    "plot.display": { call: of(plot.display, { "text/plain": "text" }) },
    "plot.show": { call: of(plot.show, plot.markdown("text")) },
    "plot.gradientGrowth": { call: of(plot.gradientGrowth, [split]) },
    "plot.gradientTerms": { call: of(plot.gradientTerms, split) },
    "plot.oneAndSum": { call: of(plot.oneAndSum, identityReport) },
    "plot.shortcutShare": { call: of(plot.shortcutShare, [split]) },
    "plot.termsCosine": { call: of(plot.termsCosine, [split]) },
    "plot.histogram": { call: of(plot.histogram, [{ name: "s", values: [1, 2] }]), accepted: axes },
    "plot.imageGrid": { call: of(plot.imageGrid, dataset), accepted: { title: "t" } },
    "plot.lines": { call: of(plot.lines, series), accepted: axes },
    "plot.scatter": { call: of(plot.scatter, series), accepted: axes },
    "plot.liveCurves": { call: of(plot.liveCurves), accepted: axes },
    "plot.progress": { call: of(plot.progress, 3) },
    "plot.heatMap": { call: of(plot.heatMap, grid), accepted: heights },
    "plot.surface": { call: of(plot.surface, grid), accepted: heights },
    "plot.table": { call: of(plot.table, [{ a: 1 }]) },
    "plot.trainingCurves": { call: of(plot.trainingCurves, [{ name: "c", runs: [[1, 2], [3, 4]] }]), accepted: axes }, // prettier-ignore
    "plot.stepDiagram": { call: of(plot.stepDiagram, []) },

    "runtime.ready": { call: of(runtime.ready) },
    "runtime.compile": { call: of(runtime.compile, (x: tf.Tensor) => x) },
    "train.compile": { call: of(train.compile, (x: tf.Tensor) => x) },
    "nn.trainedResNet": { call: of(nn.trainedResNet), accepted: { which: "resnet-20" } },
    "nn.loadTorchWeights": { call: async (...options) => of(nn.loadTorchWeights, network, await nn.torchTensors(network))(...options), accepted: { zeros: "behind" } }, // prettier-ignore
    "train.recordedStudy": { call: of(train.recordedStudy, "converged") },
    "train.recordedNetwork": {
      call: async (...options) => {
        const { networks } = await train.recordedStudy("converged");
        const trained = await of(train.recordedNetwork, networks[0]!.records[0])(...options);
        (trained as residual.nn.Network).dispose();
      },
    },
    "train.keepWeights": {
      call: of(train.keepWeights, { config: { network: { module: "m" } } }, "c"),
    },
    "train.sweep": { call: (...options) => whileInterrupted(() => of(train.sweep, oneRun)(...options)), accepted: { progress: "none" } }, // prettier-ignore
    "train.each": { call: (options) => [...train.each([1], options as never)], accepted: { name: String } },
    "train.fit": { call: of(train.fit, smallModel(1), stripes()), accepted: { steps: 1, batchSize: 4, compile: false, progress: "none" } }, // prettier-ignore
    "train.evaluate": { call: of(train.evaluate, smallModel(1), stripes()) },
    "train.cosine": { call: of(train.cosine), accepted: { learningRate: 0.1, steps: 2 } },
    "train.stepSchedule": { call: of(train.stepSchedule), accepted: { learningRate: 0.1, at: [2] } },
    "train.warmUp": {
      call: of(train.warmUp),
      accepted: { learningRate: 0.1, steps: 2, then: train.constant(1) },
    },
    "train.sgd": { call: of(train.sgd) },
    "train.adam": { call: of(train.adam) },
    "train.adamW": { call: of(train.adamW) },
    "train.crossEntropy": { call: of(train.crossEntropy) },
    "train.predict": { call: of(train.predict, smallModel(1), stripes()) },
  };

  const pictures = autodiff.array(Array.from({ length: 16 }, (_, i) => i), [1, 4, 4, 1]); // prettier-ignore
  const filter = autodiff.array([1], [1, 1, 1, 1]);
  const channels = autodiff.array([1]);
  const matrix = autodiff.array([[1, 2], [3, 4]]); // prettier-ignore
  const inputs: Readonly<Record<string, readonly unknown[]>> = {
    transpose: [matrix],
    matmul: [matrix, matrix],
    softmaxCrossEntropy: [matrix],
    conv2d: [pictures, filter],
    ...Object.fromEntries(["subsample", "maxPool", "averagePool", "globalAveragePool", "padChannels"].map((name) => [name, [pictures]])), // prettier-ignore
    batchNorm: [pictures, channels, channels],
    batchNormInference: [pictures, channels, channels, channels, channels],
  };
  const attributes: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
    scale: { factor: 2 },
    power: { exponent: 2 },
    dropout: { mask: x, keep: 0.5 },
    reshape: { shape: [3] },
    gather: { shape: [1], places: Int32Array.of(0) },
    scatterAdd: { shape: [3], places: Int32Array.of(0, 1, 2) },
    padChannels: { added: 1 },
    subsample: { stride: 2 },
    maxPool: { kernel: 2 },
    averagePool: { kernel: 2 },
    softmaxCrossEntropy: { labels: [0, 1] },
  };
  for (const [name, one] of Object.entries(autodiff.operations)) {
    const main = inputs[name] ?? one.rule.inputs.map(() => x);
    calls[`autodiff.${name}`] = {
      call: of(one, ...main),
      ...(attributes[name] && { accepted: attributes[name] }),
    };
  }
  for (const subject of autodiff.subjectNames) {
    calls[`derive ${subject}`] = { call: of(autodiff.derive, subject), called: `derive of ${subject}` };
  }
  return calls;
}

/** A network's function, which makes a network that is freed at once, or an architecture. */
function family(name: keyof typeof nn, accepted: Readonly<Record<string, unknown>>, called: string = name) {
  const make = nn[name] as unknown as (...options: unknown[]) => { dispose?: () => void };
  const call = (...options: unknown[]): void => {
    make(...options).dispose?.();
  };
  return { [`nn.${name}`]: { call, accepted, called } };
}
