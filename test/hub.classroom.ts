// A class on a real JupyterHub: learners work at once, hand in, get feedback, cannot see each other, and lose nothing when a server dies.
// `npm run test:classroom`; it needs root on Linux, Python, and a checkout that everybody may read. CLASSROOM_LEARNERS=2 is a small class.
import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, cpSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"; // prettier-ignore
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listAnswers } from "../tools/exercises/answers";
import { joined, parseNotebook, type Notebook } from "../tools/notebooks/notebook";
import { memoryText } from "../tools/hub/memory-text";
import { Account, runNotebook, textOf, type Kernel } from "../tools/hub/account";
import { hubEnvironment } from "../tools/hub/environment";
import { startHub, TEACHER, type Hub } from "../tools/hub/hub";
import { heldByAccount, Peaks, processesOf, processorSecondsOf } from "../tools/hub/memory";
import { spying, type Prey } from "../tools/hub/spy";

const root = resolve(__dirname, "..");
const exercise = "01-reading-curves";
const chapter = "01-the-degradation-problem";
const count = Number(process.env["CLASSROOM_LEARNERS"] ?? 10);
const names = ["ada", "ben", "cleo", "dan", "eva", "finn", "gus", "hana", "ida", "jon"].slice(0, count);
const uidOf = (name: string): number => hub.uidOf(name);
/** The first learner spies on the last, whose server is killed later. */
const [spy, victim] = [names[0]!, names.at(-1)!];

const began = performance.now();
const say = (line: string): void => {
  process.stderr.write(`[${((performance.now() - began) / 1000).toFixed(0).padStart(5)} s] ${line}\n`);
};

let hub: Hub;
let learners: Account[];
const accountOf = (name: string): Account => learners[names.indexOf(name)]!;

/** What each learner hands in: the first is right, and others make known mistakes. */
const answers = listAnswers(root, exercise).filter(({ expected }) => expected !== "stub");
const reference = answers.find(({ name }) => name === "reference")!;
const mistaken = answers.filter(({ name }) => name.startsWith("wrong/"));
const answerOf = (name: string) => names.indexOf(name) % 2 === 0 ? reference : mistaken[names.indexOf(name) % mistaken.length]!; // prettier-ignore

beforeAll(async () => {
  if (process.getuid?.() !== 0 || process.platform !== "linux")
    throw new Error("npm run test:classroom makes accounts, so it must be run by root on Linux");
  if (!Number.isInteger(count) || count < 2 || count > 10)
    throw new Error(`CLASSROOM_LEARNERS must be a whole number from 2 to 10; got ${process.env["CLASSROOM_LEARNERS"]!}`); // prettier-ignore
  const environment = await hubEnvironment(root, say);
  say(`a Hub for ${count} learners starts`);
  hub = await startHub(root, environment, { learners: names, exercise, setting: "ci" });
  learners = await Promise.all(names.map((name) => Account.make(hub, name)));
  for (const command of ["generate_assignment --create", "release_assignment"])
    await hub.runAs(TEACHER, "sh", "-c", `cd course && nbgrader ${command} ${exercise}`);
  for (const name of names) {
    // What a learner has who pulled the learners' repository: the chapter, and what its cells import.
    const folder = hub.inside(join(hub.homes, name, "residual", "notebooks"));
    mkdirSync(folder, { recursive: true });
    for (const file of [`${chapter}.ipynb`, "turns"])
      cpSync(join(root, "notebooks", file), join(folder, file), { recursive: true });
    execFileSync("chown", ["-R", `${uidOf(name)}:${uidOf(name)}`, hub.inside(join(hub.homes, name))]);
  }
  say("the Hub is there, and the exercise is released");
  await Promise.all(
    learners.map(async (learner) => {
      await learner.startServer();
      say(`${learner.name}'s server is there`);
    }),
  );
});

afterAll(async () => {
  await (hub as Hub | undefined)?.stop();
});

const chapterFile = `residual/notebooks/${chapter}.ipynb`;
const exerciseFile = `${exercise}/${exercise}.ipynb`;

test("learners run chapter 01 at once, each on a server of their own", async () => {
  const uids = names.map(uidOf);
  const idle = heldByAccount(uids);
  const peaks = new Peaks(uids);
  const before = uids.map(processorSecondsOf);
  const kernels = await Promise.all(
    learners.map(async (learner) => {
      const kernel = await learner.openKernel(chapterFile);
      const notebook = await learner.readNotebook(chapterFile);
      const run = await runNotebook(kernel, withoutOutputs(notebook), (cells, of) => {
        if (cells % 5 === 0 || cells === of) say(`${learner.name}: cell ${cells} of ${of}`);
      });
      await learner.saveNotebook(chapterFile, run);
      return kernel;
    }),
  );
  const after = heldByAccount(uids);
  const most = peaks.end();
  const seconds = uids.map((uid, i) => processorSecondsOf(uid) - before[i]!);
  for (const line of memoryText(names, uids, { idle, most, after, seconds })) say(line);
  await Promise.all(learners.map((learner, i) => learner.closeKernel(kernels[i]!)));
  for (const name of names) {
    const saved = parseNotebook(readFileSync(hub.inside(join(hub.homes, name, chapterFile)), "utf8"), chapterFile);
    // What the chapter found in this learner's own run, and not what was committed.
    const shown = saved.cells.flatMap(({ outputs = [] }) => outputs).map(({ text = "" }) => joined(text));
    expect(shown).toContain("The better 56-layer network exists. These steps did not find it.\n");
    expect(most.get(uidOf(name))!.kernels).toBeGreaterThan(50 * 2 ** 20);
  } // prettier-ignore
});

/** As JupyterLab's "clear all outputs" leaves it. */
function withoutOutputs(notebook: Notebook): Notebook {
  const cells = notebook.cells.map((cell) =>
    cell.cell_type === "code" ? { ...cell, outputs: [], execution_count: null } : cell,
  );
  return { ...notebook, cells };
}

test("they fetch the exercise from the exchange, solve it, and hand it in", async () => {
  await Promise.all(
    learners.map(async (learner) => {
      await learner.assignments("fetch", exercise);
      const given = await learner.readNotebook(exerciseFile);
      const cells = given.cells.map((cell) => {
        const nbgrader = cell.metadata["nbgrader"] as { solution?: boolean } | undefined;
        return nbgrader?.solution === true ? { ...cell, source: answerOf(learner.name).source } : cell;
      });
      await learner.saveNotebook(exerciseFile, { ...given, cells });
      const list = await learner.assignments("submit", exercise);
      const submitted = list.filter(({ status }) => status === "submitted");
      expect(submitted).toHaveLength(1);
      say(`${learner.name} has handed in`);
    }),
  );
});

test("a learner cannot come to another's files, server, kernel or submission, whatever is known of them", async () => {
  const prey = accountOf(victim);
  const victimKernel = await prey.openKernel("secret.ipynb");
  await victimKernel.execute('const secret = "of a learner";');
  const [submission] = readdirSync(hub.inside(inbound())).filter((name) => name.startsWith(`${victim}+`));
  const [server] = processesOf(uidOf(victim), "jupyterhub-singleuser");
  const [kernelProcess] = processesOf(uidOf(victim), victimKernel.id);
  const connectionFile = join(hub.homes, victim, ".run", `kernel-${victimKernel.id}.json`);
  const connection = JSON.parse(readFileSync(hub.inside(connectionFile), "utf8")) as { transport: string };
  expect(connection.transport).toBe("ipc");
  const known: Prey = {
    name: victim,
    home: join(hub.homes, victim),
    files: [chapterFile, exerciseFile, ".run"].map((path) => join(hub.homes, victim, path)),
    connectionFile,
    processes: [server!, kernelProcess!].map((pid) => pidInside(pid)),
    kernel: victimKernel.id,
    ports: listeningPorts(uidOf(victim)),
    hub: hub.url,
    token: accountOf(spy).token,
    hubFolder: join(hub.homes, "..", "hub"),
    inbound: inbound(),
    submission: submission!,
    teacher: join(hub.homes, TEACHER),
    answers: join(root, "solutions", exercise),
  };
  const spyKernel = await accountOf(spy).openKernel("spy.ipynb");
  const outcome = await spyKernel.execute(spying(known));
  expect(outcome.status, textOf(outcome)).toBe("ok");
  const found = JSON.parse(textOf(outcome)) as Record<string, string>;
  for (const [attempt, result] of Object.entries(found)) say(`${spy} tries: ${attempt}: ${result}`);
  // Each attempt, with what Linux or the Hub must answer.
  const expected =
    /^refused \((?:EACCES|EPERM|ENOENT|40[134]|302 to login|closed with (?:40[134]|an error))\)$/;
  expect(Object.keys(found).length).toBeGreaterThanOrEqual(20);
  for (const [attempt, result] of Object.entries(found)) expect(`${attempt}: ${result.replace(expected, "refused")}`).toBe(`${attempt}: refused`); // prettier-ignore
  // The same ways lead somewhere for their owner: otherwise all of this would say nothing.
  const own = await victimKernel.execute(spying({ ...known, token: prey.token }));
  const reached = JSON.parse(textOf(own)) as Record<string, string>;
  const open = Object.keys(reached).filter((attempt) => reached[attempt] === "reached");
  expect(open).toEqual(expect.arrayContaining(["list the home", "read file 1", "read the connection file", "kernels by the Hub", "server at port 1, with the token"])); // prettier-ignore
  await Promise.all([prey.closeKernel(victimKernel), accountOf(spy).closeKernel(spyKernel)]);
});

const inbound = (): string => join(hub.homes, "..", "exchange", "residual", "inbound");

/** A process's number in the Hub's namespace. */
function pidInside(pid: number): number {
  const [, numbers] = /^NSpid:\s+(.*)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))!;
  return Number(numbers!.split(/\s+/).at(-1));
}

/** The TCP ports on which an account's programs listen. */
function listeningPorts(uid: number): number[] {
  return readFileSync("/proc/net/tcp", "utf8")
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === "0A" && Number(fields[7]) === uid)
    .map((fields) => parseInt(fields[1]!.split(":")[1]!, 16));
}

test("the teacher collects each learner's own work, whatever a learner put into the exchange", async () => {
  // The spy hands in a stub as the victim, long after the victim, and puts a link to the teacher's gradebook into its own work.
  const folder = hub.inside(inbound());
  const forge = (owner: string, as: string, more: (place: string) => void): void => {
    const place = join(folder, `${as}+${exercise}+2999-01-01 00:00:00.000000 UTC+forged`);
    cpSync(hub.inside(join(hub.homes, TEACHER, "course", "release", exercise)), place, { recursive: true });
    writeFileSync(join(place, "timestamp.txt"), "2999-01-01 00:00:00.000000 UTC");
    more(place);
    chmodSync(place, 0o755);
    chownSync(place, uidOf(owner), uidOf(owner));
  };
  forge(spy, victim, () => undefined);
  const [own] = readdirSync(folder).filter((name) => name.startsWith(`${spy}+`));
  const book = join(hub.homes, TEACHER, "course", "gradebook.db");
  await hub.runAs(spy, "ln", "-s", book, join(inbound(), own!, "notes.txt"));
  const said = await hub.runAs(TEACHER, "sh", "-c", `cd course && nbgrader collect ${exercise}`);
  const submitted = (name: string): string => hub.inside(join(hub.homes, TEACHER, "course", "submitted", name, exercise)); // prettier-ignore
  for (const name of names) {
    const handedIn = readFileSync(join(submitted(name), `${exercise}.ipynb`), "utf8");
    const sources = parseNotebook(handedIn, name).cells.map(({ source }) => joined(source));
    expect(sources).toContain(answerOf(name).source);
  }
  expect(said).toMatch(/was put there by ada: not collected/);
  expect(existsSync(join(submitted(spy), "notes.txt"))).toBe(false);
  expect(lstatSync(submitted(spy)).isDirectory()).toBe(true);
});

test("each gets the points and the feedback of the own work, and nobody else's", async () => {
  for (const command of ["autograde --create", "generate_feedback", "release_feedback"]) {
    await hub.runAs(TEACHER, "sh", "-c", `cd course && nbgrader ${command} ${exercise}`);
    say(`the teacher: nbgrader ${command}`);
  }
  await Promise.all(
    learners.map(async (learner) => {
      await learner.assignments("fetch_feedback", exercise);
      const folder = hub.inside(join(hub.homes, learner.name, exercise, "feedback"));
      const [time] = readdirSync(folder);
      const page = readFileSync(join(folder, time!, `${exercise}.html`), "utf8");
      const [, points, of] = /Score: ([\d.]+) \/ ([\d.]+)/.exec(page)!;
      say(`${learner.name}: ${points!} of ${of!}, for ${answerOf(learner.name).name}`);
      expect(Number(of)).toBe(5);
      if (answerOf(learner.name) === reference) expect(Number(points)).toBe(5);
      else expect(Number(points)).toBeLessThan(5);
    }),
  );
});

test("a server that is killed comes back with the work", async () => {
  const learner = accountOf(victim);
  const kernel = await learner.openKernel(chapterFile);
  const marked = "const written: string = 'before the server died';\nwritten";
  await learner.saveNotebook("mine.ipynb", {
    ...(await learner.readNotebook(chapterFile)),
    cells: [
      { id: "mine", cell_type: "code", metadata: {}, source: marked, outputs: [], execution_count: null },
    ],
  });
  const lost = expect(kernel.execute("for (;;) await new Promise((go) => setTimeout(go, 100));")).rejects.toThrow("closed"); // prettier-ignore
  const [server] = processesOf(uidOf(victim), "jupyterhub-singleuser");
  process.kill(server!, "SIGKILL");
  await lost;
  say(`${victim}'s server was killed`);
  await learner.until("the Hub sees that it is gone", async () => (await learner.servers()).length === 0);
  // Its kernel goes with it, and takes no memory from the next one.
  await learner.until("its kernel's end", () =>
    Promise.resolve(processesOf(uidOf(victim), kernel.id).length === 0),
  );
  await learner.startServer();
  const saved = await learner.readNotebook("mine.ipynb");
  expect(saved.cells.map(({ source }) => joined(source))).toEqual([marked]);
  const again: Kernel = await learner.openKernel("mine.ipynb");
  expect(textOf(await again.execute(marked))).toBe("before the server died");
  expect(await learner.readNotebook(chapterFile)).toBeDefined();
});

test("nothing stays behind: no process, account or folder", async () => {
  await hub.stop();
  for (const name of names) expect(processesOf(uidOf(name), "")).toEqual([]);
  expect(existsSync(hub.homes)).toBe(false);
  const passwd = readFileSync("/etc/passwd", "utf8");
  for (const name of [TEACHER, ...names]) expect(passwd).not.toContain(hub.homes + "/" + name);
});
