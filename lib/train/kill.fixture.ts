// The process that kill.test.ts kills: trains a small residual network with a checkpoint, and ends with its weights.
// Arguments: the checkpoint, where the weights go, the number of steps, and how many milliseconds to rest after each step.
import { writeFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { ready } from "../runtime/index.js";
import { fit } from "./fit.js";
import { warmUp, cosine } from "./schedule.js";
import { smallModel, stripes, valuesOf } from "./small-model.fixture.js";

async function main(): Promise<void> {
  const [checkpoint, output, steps, rest] = process.argv.slice(2) as [string, string, string, string];
  await ready();
  const model = smallModel(3);
  let announced = false;
  const { history, stepLosses, resumedFrom } = await fit(model, stripes(), {
    steps: Number(steps),
    batchSize: 20,
    lastBatch: "keep",
    schedule: warmUp({
      learningRate: 0.01,
      steps: 10,
      then: cosine({ learningRate: 0.1, steps: Number(steps) }),
    }),
    validation: stripes({ size: 30 }),
    seed: 9,
    stepLosses: true,
    checkpoint: { path: checkpoint, everySteps: 3 },
    progress: "none",
    onStep: async ({ step }) => {
      // Tells that training is under way, and from where it was resumed: the first step reported is the next one.
      if (!announced) console.log(`training from ${step - 1}`);
      announced = true;
      if (Number(rest) > 0) await setTimeout(Number(rest));
    },
  });
  const measured = history.map(({ epoch, step, learningRate, loss, accuracy, validation }) => {
    return { epoch, step, learningRate, loss, accuracy, validation }; // all but the clock
  });
  const values = await valuesOf(model);
  writeFileSync(output, JSON.stringify({ history: measured, stepLosses, values }));
  console.log(`resumed from ${resumedFrom}`);
}

void main();
