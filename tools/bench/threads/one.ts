// One network with the threads that the environment gives: `fit` on random numbers. Prints {"seconds", "losses"}: of the updates after the first
// eight, in which the step is compiled, and a fingerprint of every update's loss.
import { createHash } from "node:crypto";
import { nn, runtime, train } from "residual";
import { randomImages } from "../random-images";
import { networks } from "./networks";

const warmUp = 8;

async function main(): Promise<void> {
  await runtime.ready({ backend: "tensorflow" });
  const { spec, steps } = networks[process.argv[2]!]!;
  const network = nn.build({ ...spec, options: { ...spec.options, seed: 1 } });
  const source = randomImages(network.spec.options["inputShape"] as [number, number, number]);
  let start = 0;
  const { stepLosses } = await train.fit(network, source, {
    steps: warmUp + steps,
    seed: 1,
    schedule: train.constant(0.1),
    stepLosses: true,
    progress: "none",
    onStep({ step }) {
      if (step === warmUp) start = performance.now();
    },
  });
  const seconds = (performance.now() - start) / 1000;
  const losses = createHash("sha256").update(Float32Array.from(stepLosses!)).digest("hex");
  console.log(JSON.stringify({ seconds, losses }));
}

void main();
