// One measurement of `npm run gpu` in a process of its own, on the backend that the environment names: a driver that breaks takes only this process with it.
// It prints a JSON line when the engine runs, one for each update, and one with the result.
import { spawnSync } from "node:child_process";
import { data, nn, runtime, train } from "residual";
import { randomImages } from "../bench/random-images";
import type { About, Line, Task } from "./task";

const say = (line: Line): void => {
  console.log(JSON.stringify(line));
};

async function main(): Promise<void> {
  const task = JSON.parse(process.argv[2]!) as Task;
  const { backend, device, versions, reason } = await runtime.ready();
  const isGpu = backend === "webgpu" || (runtime.tf.backend() as { isUsingGpuDevice?: boolean }).isUsingGpuDevice === true; // prettier-ignore
  const about: About = { backend, device, versions, isGpu, reason };
  say({ about });
  if (task.kind === "losses") say({ losses: await losses(task) });
  else if (task.kind === "speed") say(await speed(task));
  process.exit(0);
}

/** The losses of the first updates of a ResNet on photographs of clothes: of small batches, so that a CPU does not take long. */
async function losses({
  depth,
  widths,
  batchSize,
  steps,
  learningRate,
}: Extract<Task, { kind: "losses" }>): Promise<number[]> {
  const images = await data.load("fashion-mnist-sample", { split: "train", perClass: 100 });
  const source = data.batches(images);
  const network = nn.cifarResNet({ depth, widths, inputShape: source.imageShape, classes: 10, seed: 1 });
  const { stepLosses } = await train.fit(network, source, {
    steps,
    batchSize,
    seed: 1,
    schedule: train.constant(learningRate),
    stepLosses: true,
    progress: "none",
    onStep: ({ step }) => {
      say({ step });
    },
  });
  return [...stepLosses!];
}

/** Images a second of a ResNet at the size of CIFAR-10, by `fit` as it is, after the updates in which the step is compiled. */
async function speed({
  depth,
  batchSize,
  warmUp,
  steps,
  seconds,
}: Extract<Task, { kind: "speed" }>): Promise<Line> {
  const source = randomImages([32, 32, 3]);
  const network = nn.cifarResNet({ depth, inputShape: [32, 32, 3], classes: 10, seed: 1 });
  const enough = new AbortController();
  let [start, done] = [performance.now(), 0];
  await train.fit(network, source, {
    steps: warmUp + steps,
    batchSize,
    seed: 1,
    progress: "none",
    signal: enough.signal,
    onStep({ step }) {
      say({ step });
      if (step <= warmUp) start = performance.now();
      else done = step - warmUp;
      if (step > warmUp && performance.now() - start > 1000 * seconds) enough.abort();
    },
  });
  return {
    imagesPerSecond: (done * batchSize) / ((performance.now() - start) / 1000),
    gpuMiB: usedMiB(),
  };
}

function usedMiB(): number | null {
  const { numBytesInGPU } = runtime.tf.memory() as { numBytesInGPU?: number };
  if (numBytesInGPU !== undefined) return Math.round(numBytesInGPU / 2 ** 20);
  if (process.env["CUDA_VISIBLE_DEVICES"] === "-1") return null;
  const { stdout, status } = spawnSync("nvidia-smi", ["--query-gpu=memory.used", "--format=csv,noheader,nounits"], { encoding: "utf8", timeout: 5000 }); // prettier-ignore
  return status === 0 ? Number(stdout.trim().split("\n")[0]) : null;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
});
