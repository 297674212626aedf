// This library's side of the benchmark: a CIFAR network through the public `fit`, as a user trains it.
import { nn, runtime, train } from "residual";
import { randomImages } from "../random-images";
import { serve } from "./worker";

async function main(): Promise<void> {
  const info = await runtime.ready();
  const [batchSize, depth] = process.argv.slice(2).map(Number) as [number, number];
  const order = process.argv[4] as nn.UnitOrderName;
  const compiled = process.env["RESIDUAL_COMPILE"] !== "0";
  const model = nn.cifarResNet({
    depth,
    order,
    shortcut: "A",
    inputShape: [32, 32, 3],
    classes: 10,
    seed: 1,
  });
  const source = randomImages([32, 32, 3]);
  // One run of `fit` goes through all turns and waits between them, so that a turn has a run's steps and not its start.
  let left = 0;
  let turnEnds: (() => void) | undefined;
  let nextTurn: (() => void) | undefined;
  const options: train.FitOptions = {
    steps: Number.MAX_SAFE_INTEGER,
    batchSize,
    schedule: train.constant(0.1),
    seed: 1,
    progress: "none",
    async onStep() {
      if (--left > 0) return;
      const waiting = new Promise<void>((resolve) => (nextTurn = resolve));
      turnEnds!();
      await waiting;
    },
  };
  const turn = (steps: number) =>
    new Promise<void>((resolve, reject) => {
      left = steps;
      turnEnds = resolve;
      if (nextTurn) nextTurn();
      else train.fit(model, source, options).catch(reject);
    });
  await serve(
    {
      ready: `residual, ${compiled ? "compiled" : "uncompiled"} (${info.backend})`,
      parameters: model.parameterCount,
    },
    turn,
  );
}

void main();
