// Makes datasets/resnet-20 out of a recorded run: its weights rounded to 16 bits, and what that costs in test error.
import { readFile, writeFile } from "node:fs/promises";
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { data, nn, runtime, train } from "residual";
import type * as safetensors from "../../lib/files/safetensors";
import type * as identity from "../../lib/train/identity";
import type * as weights from "../../lib/train/weights";
import { toHalf } from "./half";

const root = join(__dirname, "..", "..");
/** A file of the library that is not behind its door, as it was built. */
const built = createRequire(join(root, "lib", "dist", "cjs", "index.js"));
const { encodeSafetensors } = built("./files/safetensors.js") as typeof safetensors;
const { weightsFingerprint } = built("./train/identity.js") as typeof identity;
const { describeModel, readVariables } = built("./train/weights.js") as typeof weights;
const help = `node -r ./tools/typescript.cjs tools/data/round-weights.ts --record FILE --checkpoint FILE --root FOLDER [--to FILE]

Rounds the weights that a recorded run of study cifar-10-jpeg ended with to 16 bits, counts the mistakes of both among the test images, and writes
the rounded ones with where they come from.

  --record FILE       the run's record, in results/records/runs
  --checkpoint FILE   the run's checkpoint, as npm run reproduce leaves it in runs/reproduce
  --root FOLDER       holds cifar-10-batches-bin with the images of the study
  --to FILE           default datasets/resnet-20/resnet-20.safetensors`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      record: { type: "string" },
      checkpoint: { type: "string" },
      root: { type: "string" },
      help: { type: "boolean", default: false },
      to: { type: "string", default: join(root, "datasets", "resnet-20", "resnet-20.safetensors") },
    },
  });
  const { record: path, checkpoint, root: images, to } = values;
  if (path === undefined || checkpoint === undefined || images === undefined) {
    console.log(help);
    if (!values.help) process.exitCode = 2;
    return;
  }
  await runtime.ready();
  const record = JSON.parse(await readFile(path, "utf8")) as train.RunRecord;
  if ("module" in record.config.network) throw new Error(`${path}: must be of a network of the library`);
  const network = nn.build(record.config.network);
  await train.loadWeights(network, checkpoint);
  const before = await weightsFingerprint(network.variables());
  if (before !== record.checkpoint.weights)
    throw new Error(
      `${checkpoint}: must hold the weights of ${path}, ${record.checkpoint.weights}; has ${before}`,
    );

  const as = "cifar-10 (JPEG copy)";
  const training = await data.load("cifar-10", { root: images, as });
  const statistics = data.channelStatistics(training);
  const test = data.batches(await data.load("cifar-10", { root: images, split: "test", as }), {
    normalise: statistics,
  });
  const mistakes = async () => Math.round(test.size * (1 - (await train.evaluate(network, test)).accuracy));
  const wrongBefore = await mistakes();

  const rounded = new Map<string, safetensors.StoredTensor>();
  for (const [name, { shape, data: numbers }] of await readVariables(network.variables()))
    rounded.set(name, { dtype: "F16", shape, data: Uint16Array.from(numbers as Float32Array, toHalf) });
  const metadata = {
    ...describeModel(network),
    about:
      "ResNet-20 of the course, trained on a JPEG copy of CIFAR-10's 50,000 images, its weights rounded to 16 bits",
    record: basename(path),
    "fingerprint before rounding": before,
    statistics: JSON.stringify(statistics),
    "test images": String(test.size),
    "mistakes before rounding": String(wrongBefore),
  };
  const half = (found: Record<string, string>) => encodeSafetensors({ tensors: rounded, metadata: found });
  await writeFile(to, half(metadata));
  const shipped = await nn.trainedResNet({ which: "resnet-20", root: join(to, "..", "..") });
  nn.copyWeights(shipped.network, network);
  const bytes = half({
    ...metadata,
    "mistakes after rounding": String(await mistakes()),
    "fingerprint after rounding": await weightsFingerprint(network.variables()),
  });
  await writeFile(to, bytes);
  console.log(`${to}: ${bytes.length} bytes, SHA-256 ${createHash("sha256").update(bytes).digest("hex")}`);
}

void main();
