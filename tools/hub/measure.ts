// `npm run bench:classroom`: one learner on a real Hub goes through chapters; what that takes becomes a record and docs/jupyterhub.md's tables.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { presented } from "../course/guide";
import { Account, runNotebook } from "./account";
import { hubEnvironment } from "./environment";
import { startHub, type Hub } from "./hub";
import { heldByAccount, heldInNamespace, Peaks, processorSecondsOf } from "./memory";
import { withPlan, type ChapterUse, type LearnerRecord } from "./plan";

const help = `npm run bench:classroom [-- options]

Starts a JupyterHub for one learner, as npm run test:classroom does for ten, and runs chapters 00, 01 and 04 there at the everyday
setting. Writes what they took of memory and processor to results/records/classroom/one-learner.json, and from it the tables of
docs/jupyterhub.md. Needs root on Linux. Ten minutes where the machine has nothing else to do; neither memory nor the
processor's time depends on what else it does.

  --pages   writes the tables anew from the record that is there
  --help    this text`;

const root = resolve(__dirname, "..", "..");
const recordFile = join(root, "results", "records", "classroom", "one-learner.json");
const page = join(root, "docs", "jupyterhub.md");
const chapters = ["00", "01", "04"];
/** How long a kernel at rest is looked at. */
const restSeconds = 30;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { pages: { type: "boolean", default: false }, help: { type: "boolean", default: false } },
  });
  if (values.help) {
    console.log(help);
    return;
  }
  if (!values.pages) {
    mkdirSync(join(recordFile, ".."), { recursive: true });
    writeFileSync(recordFile, `${JSON.stringify(await measure(), null, 2)}\n`);
  }
  const record = JSON.parse(readFileSync(recordFile, "utf8")) as LearnerRecord;
  writeFileSync(page, withPlan(readFileSync(page, "utf8"), record));
  // The page's tables as the formatter wants them.
  execFileSync(process.execPath, ["node_modules/prettier/bin/prettier.cjs", "--log-level=warn", "--write", page], { cwd: root }); // prettier-ignore
  console.log(`${recordFile} and ${page} are written`);
}

async function measure(): Promise<LearnerRecord> {
  const environment = await hubEnvironment(root, console.log);
  const hub = await startHub(root, environment, { learners: ["ada"], exercise: "01-reading-curves", setting: "everyday" }); // prettier-ignore
  try {
    return await measureOn(hub);
  } finally {
    await hub.stop();
  }
}

async function measureOn(hub: Hub): Promise<LearnerRecord> {
  const uid = hub.uidOf("ada");
  const folder = hub.inside(join(hub.homes, "ada", "residual"));
  mkdirSync(folder);
  // Chapter 05 apart, a chapter reads nothing beside its own folder.
  cpSync(join(root, "notebooks"), join(folder, "notebooks"), { recursive: true });
  execFileSync("chown", ["-R", `${uid}:${uid}`, folder]);
  const ada = await Account.make(hub, "ada");
  await ada.startServer();
  await wait(10_000);
  const serverBytes = heldByAccount([uid]).get(uid)!.server;
  const hubBytes = heldInNamespace(hub.pid, 0);
  const uses: ChapterUse[] = [];
  for (const { number, name, readingMinutes } of presented(root)) {
    if (!chapters.includes(number)) continue;
    const file = `residual/notebooks/${name}.ipynb`;
    const notebook = await ada.readNotebook(file);
    const before = processorSecondsOf(uid);
    const kernel = await ada.openKernel(file);
    await kernel.execute("1 + 1");
    const freshBytes = heldByAccount([uid]).get(uid)!.kernels;
    const peaks = new Peaks([uid], 1);
    await runNotebook(kernel, notebook, (cells, of) => {
      console.log(`${name}: cell ${cells} of ${of}`);
    });
    const mostBytes = peaks.end().get(uid)!.kernels;
    const processorSeconds = processorSecondsOf(uid) - before;
    await wait(10_000);
    const resting = processorSecondsOf(uid);
    await wait(1000 * restSeconds);
    uses.push({
      chapter: name,
      readingMinutes,
      processorSeconds: Math.round(processorSeconds),
      freshBytes,
      mostBytes,
      restBytes: heldByAccount([uid]).get(uid)!.kernels,
      restSecondsAnHour: ((processorSecondsOf(uid) - resting) * 3600) / restSeconds,
    });
    await ada.closeKernel(kernel);
  }
  return {
    measured: new Date().toISOString().slice(0, 10),
    setting: "everyday",
    machine: {
      processor: cpus()[0]?.model.trim() ?? "unknown",
      cores: availableParallelism(),
      platform: `${process.platform} ${process.arch}`,
    },
    node: process.versions.node,
    serverBytes,
    hubBytes,
    chapters: uses,
  };
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
