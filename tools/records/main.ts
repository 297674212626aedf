// `npm run replay -- RECORD`: trains a recorded run again, and says whether it comes out the same.
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { train } from "residual";
import { UserError } from "../notebooks/user-error";
import { compareRuns } from "./compare";
import { readRecords, readStored } from "./store";

const root = resolve(__dirname, "..", "..");

const help = `npm run replay -- RECORD [options]

Trains the run of a record again, in a folder of its own, and compares: bit for bit where processor, engine and build are the same, and else by how far other
seeds' records of the same configuration scatter. RECORD is a file of results/records/runs, or how its name begins.

  --root FOLDER     where its images are, if not in the usual place
  --module FILE     the file of a network that is not of a family; it must have the text that was recorded
  --keep            where it came out the same, keep its weights in results/records/weights, if they are under a megabyte
  --help            this text

It ends with status 0 where the run came out the same or like another seed, and with 1 where not.`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      root: { type: "string" },
      module: { type: "string" },
      keep: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(help);
    return;
  }
  const [name, ...more] = positionals;
  if (name === undefined || more.length > 0)
    throw new UserError(`one RECORD must be given; got ${positionals.join(" ") || "none"}. See npm run replay -- --help`); // prettier-ignore
  const stored = await readRecords(root);
  const record = existsSync(name) ? (await readStored(root, name)).record : named(name, stored);
  // Its own, so that nothing that was trained before is taken for the replay; kept until it is through, so that a killed one goes on.
  const folder = join(root, "runs", "replay", record.sha256.slice(0, 12));
  const { again, checkpoint } = await trainedAgain(record, folder, values);
  const others = stored
    .map((one) => one.record)
    .filter(({ configHash, seed }) => configHash === record.configHash && seed !== record.seed);
  const { outcome, because } = compareRuns(record, again, others);
  console.log(`${outcome}: ${because}`);
  if (outcome === "different") process.exitCode = 1;
  if (values.keep) console.log(await kept(record, outcome, checkpoint));
  await rm(folder, { recursive: true, force: true });
}

/** Keeps the weights of a replay that came out the same, and says so. */
async function kept(record: train.RunRecord, outcome: string, checkpoint: string): Promise<string> {
  if (outcome !== "same") return "no weights are kept: they are not those of the record";
  const path = await train.keepWeights(record, checkpoint, { folder: join(root, "results") });
  return path ?? "no weights are kept: they are over a megabyte, or the network is of a module";
}

function named(beginning: string, stored: Awaited<ReturnType<typeof readRecords>>): train.RunRecord {
  const found = stored.filter(({ record }) => train.recordName(record).startsWith(beginning));
  if (found.length !== 1)
    throw new UserError(`RECORD must name one record; ${found.length} of ${stored.length} begin with ${beginning}`); // prettier-ignore
  return found[0]!.record;
}

async function trainedAgain(
  { name, config, configHash, seed }: train.RunRecord,
  folder: string,
  { root: images, module }: { root?: string; module?: string },
): Promise<{ again: train.RunRecord; checkpoint: string }> {
  const { network, data, recipe } = config;
  if ("module" in network && module === undefined)
    throw new UserError(`this run's network is of the file ${network.module}, SHA-256 ${network.sha256}: give it by --module`); // prettier-ignore
  const sweep = {
    networks: [
      "module" in network
        ? { name, module: module!, export: network.export, options: network.options }
        : { name, ...network },
    ],
    data: { ...data, ...(images !== undefined && { root: images }) },
    recipe,
    seeds: [seed],
  };
  const [planned] = await train.sweepRuns(sweep, folder);
  if (planned!.configHash !== configHash)
    throw new UserError(
      "module" in network
        ? `${module!} must be called ${network.module} and have the text that was recorded, SHA-256 ${network.sha256}`
        : "this version of the library makes another configuration of the recorded one, so it cannot train it again: check out the record's commit",
    );
  const { runs } = await train.sweep(sweep, { folder });
  const { record: again, checkpoint } = runs[0] ?? {};
  if (!again || checkpoint === undefined)
    throw new UserError("the replay was stopped before its end: the same command goes on with it");
  return { again, checkpoint };
}

main().catch((error: unknown) => {
  const isExpected = error instanceof UserError || error instanceof RangeError || error instanceof TypeError;
  console.error(isExpected || error instanceof train.SweepFailed ? (error as Error).message : error);
  process.exitCode = 1;
});
