// This library's side of the course's benchmark: chapter 01's plain networks by `fit` or `sweep`. Prints {"images", "seconds"}.
import { data, nn, runtime, train } from "residual";

const [mode, epochs, seedCount, , folder] = process.argv.slice(2) as [string, string, string, string, string];

const spec = (depth: number) => ({
  model: "cifarResNet",
  options: { depth, shortcut: "none", widths: [8, 16, 32], inputShape: [14, 14, 1], classes: 10 },
});

async function main(): Promise<void> {
  await runtime.ready();
  const images = data.downsample(await data.load("fashion-mnist-sample", { split: "train" }), 2);
  const source = data.batches(images);
  const steps = Number(epochs) * Math.floor(source.size / 128);
  const seeds = Array.from({ length: Number(seedCount) }, (_, i) => i + 1);
  const runs =
    mode === "single20"
      ? [{ depth: 20, seed: 1 }]
      : mode === "single56"
        ? [{ depth: 56, seed: 1 }]
        : seeds.flatMap((seed) => [20, 56].map((depth) => ({ depth, seed })));
  const start = performance.now();
  if (mode === "sweep") {
    await train.sweep(
      {
        networks: [20, 56].map(spec),
        data: { name: "fashion-mnist-sample", downsample: 2 },
        recipe: { steps },
        seeds,
      },
      { folder, progress: "none" },
    );
  } else {
    for (const { depth, seed } of runs) {
      const { model, options } = spec(depth);
      const network = nn.build({ model, options: { ...options, seed } });
      await train.fit(network, source, { steps, seed, progress: "none" });
      network.dispose();
    }
  }
  const seconds = (performance.now() - start) / 1000;
  console.log(JSON.stringify({ images: runs.length * steps * 128, seconds }));
}

void main();
