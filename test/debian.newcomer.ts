// The first five minutes of a newcomer: a bare Debian, the README and nothing else, from a clone to a cell that has run; and each way in which that goes wrong.
// `npm run test:newcomer`; it needs root on Linux, Debian's mmdebstrap, and the package registries. What it prints of the good way is kept in results/.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs"; // prettier-ignore
import { createServer } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listAnswers } from "../tools/exercises/answers";
import { Kernel, textOf } from "../tools/hub/account";
import { joined, parseNotebook, type Cell, type Notebook } from "../tools/notebooks/notebook";
import { installNodes, nodeOf } from "./nodes";

const checkout = resolve(__dirname, "..");
const record = join(checkout, "results", "records", "first-minutes", "debian-12.txt");
const kept = join(checkout, ".setup", "debian-12.tar");
/** The bare Debian, unpacked. */
let debian: string;
const home = "/home/newcomer";
const inside = (path: string): string => join(debian, path);

/** What is set on this machine of certificates, proxies and mirrors holds in there, too. */
const surroundings = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => /^(?:SSL_|NODE_EXTRA_CA|PIP_CERT|PIP_INDEX_URL|npm_config_registry|GIT_SSL|(?:https?|no)_proxy)/i.test(name)), // prettier-ignore
);

interface Ended {
  readonly status: number | null;
  readonly output: string;
}

/** Options of {@link begin}. */
interface Where {
  readonly user?: "root" | "newcomer";
  readonly folder?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly onLine?: (line: string) => void;
}

/** Runs a line of shell in the bare Debian, as somebody who sits before it; all that it started ends with it. */
function begin(line: string, { user = "newcomer", folder = home, env = {}, onLine }: Where = {}) {
  const as = user === "root" ? ["env"] : ["setpriv", "--reuid=1000", "--regid=1000", "--clear-groups", "env"];
  const child = spawn(
    "unshare",
    [
      ...["--mount", "--propagation", "slave", "--pid", "--fork", "--kill-child", "sh", "-c"],
      // The shell stays, because it is what is killed with this process; who changes accounts is not.
      `mount -t proc proc "$0/proc" && chroot "$@"; exit $?`,
      ...[debian, debian, ...as, "-i", `HOME=${user === "root" ? "/root" : home}`],
      ...["PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "LANG=C.UTF-8", "DEBIAN_FRONTEND=noninteractive"],
      ...Object.entries({ ...surroundings, ...env }).map(([name, value]) => `${name}=${value}`),
      ...["sh", "-c", `cd "$0" && ${line}`, folder],
    ],
    { stdio: ["ignore", "pipe", "pipe"] },
  ); // prettier-ignore
  let output = "";
  let partial = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      const lines = (partial + text).split("\n");
      partial = lines.pop()!;
      for (const one of lines) onLine?.(one);
    });
  const ended = new Promise<Ended>((done) => {
    child.once("close", (status) => {
      done({ status, output });
    });
  });
  return { child, ended, output: () => output };
}

const run = (line: string, where: Where = {}): Promise<Ended> => begin(line, where).ended;

async function ok(line: string, where: Where = {}): Promise<string> {
  const { status, output } = await run(line, where);
  expect(status, `${line}\n${output.slice(-3000)}`).toBe(0);
  return output;
}

/** What the README says under its heading "Start". */
const readme = readFileSync(join(checkout, "README.md"), "utf8");
const said = /^## Start\n([\s\S]*?)\n## /m.exec(readme)![1]!;
/** What it says to install. */
const packages = /`apt install ([^`]+)`/.exec(said)![1]!.split(" ");

const installPackages = `apt-get update -qq && apt-get install -y -qq --no-install-recommends ${packages.join(" ")}`;

beforeAll(async () => {
  if (process.getuid?.() !== 0 || process.platform !== "linux")
    throw new Error("npm run test:newcomer unpacks a Debian of its own, so it must be run by root on Linux");
  if (spawnSync("mmdebstrap", ["--version"]).error)
    throw new Error("npm run test:newcomer needs mmdebstrap (Debian, Ubuntu: apt-get install mmdebstrap)");
  await installNodes();
  if (!existsSync(kept)) {
    mkdirSync(dirname(kept), { recursive: true });
    const sources = "/etc/apt/sources.list.d/debian.sources";
    const own = existsSync(sources) ? [sources] : [];
    // What every Debian has that somebody sits before: certificates.
    execFileSync("mmdebstrap", ["--variant=minbase", "--include=ca-certificates", "bookworm", `${kept}.partial.tar`, ...own]); // prettier-ignore
    execFileSync("mv", [`${kept}.partial.tar`, kept]);
  }
  unpack();
});

/** Unpacks the bare Debian anew. */
function unpack(): void {
  cleanUp();
  debian = mkdtempSync(join(tmpdir(), "residual-newcomer-"));
  execFileSync("chmod", ["755", debian]);
  execFileSync("tar", ["-xf", kept, "-C", debian]);
  for (const file of ["/etc/resolv.conf", "/etc/ssl/certs/ca-certificates.crt"]) {
    rmSync(inside(file), { force: true });
    copyFileSync(realpathSync(file), inside(file));
  }
  execFileSync("chroot", [debian, "useradd", "--create-home", "--uid", "1000", "newcomer"]);
  // Where the course is cloned from, as it is committed here.
  execFileSync("git", ["clone", "--quiet", "--bare", checkout, inside("course.git")]);
  execFileSync("chown", ["-R", "1000:1000", inside("course.git")]);
}

function cleanUp(): void {
  // Quicker than Node's own, and what is mounted there is not entered.
  if ((debian as string | undefined) !== undefined) execFileSync("rm", ["-rf", "--one-file-system", debian]);
}

afterAll(cleanUp);

/** As nodejs.org's archive does: `node` and npm below /usr/local. */
function installNode(): void {
  copyFileSync(nodeOf(22), inside("/usr/local/bin/node"));
  const npm = dirname(dirname(realpathSync(execFileSync("which", ["npm"], { encoding: "utf8" }).trim())));
  cpSync(npm, inside("/usr/local/lib/node_modules/npm"), { recursive: true });
  for (const name of ["npm", "npx"])
    execFileSync("ln", ["-sf", `../lib/node_modules/npm/bin/${name}-cli.js`, inside(`/usr/local/bin/${name}`)]);
} // prettier-ignore

const course = join(home, "residual");

test("without git, Node or Python each command says what is missing, and the README where to get it", async () => {
  expect(packages).toEqual(expect.arrayContaining(["git", "g++", "python3-venv"]));
  expect((await run("git clone /course.git residual")).output).toMatch(/git: not found/);
  expect((await run("npm start")).output).toMatch(/npm: not found/);
  expect(said).toMatch(/Node 20\.19 to 24 \(\[nodejs\.org\]/);
  await ok("apt-get update -qq && apt-get install -y -qq --no-install-recommends git", { user: "root" });
  await ok("git clone --quiet /course.git residual");
  installNode();
  // Everything that is missing, at once, and before anything is downloaded.
  await refused("npm start", /^Python must be 3\.10 or newer; found none\. No C\+\+ compiler/, /python3-venv.*g\+\+/);
  await refused("npm run doctor", /^Python must be 3\.10 or newer; found none\./, /python3-venv.*g\+\+/);
}); // prettier-ignore

/** A command that ends at once with one error and its remedy. */
async function refused(line: string, error: RegExp, remedy: RegExp): Promise<void> {
  const began = performance.now();
  const { status, output } = await run(line, { folder: course });
  const lines = output.trim().split("\n").filter((one) => one !== "" && !one.startsWith(">")); // prettier-ignore
  expect([status, ...lines]).toEqual([1, expect.stringMatching(error), expect.stringMatching(remedy)]);
  expect(performance.now() - began).toBeLessThan(20_000);
  expect(existsSync(inside(join(course, "node_modules")))).toBe(false);
}

test("Debian's own Node, a Python without venv, and no compiler: each is said at once, with its remedy", async () => {
  await ok("apt-get install -y -qq --no-install-recommends nodejs python3", { user: "root" });
  await refused("PATH=/usr/bin:$PATH /usr/bin/node tools/setup/bootstrap.mjs start", /^Node must be 20\.19 or newer, up to 24; this is Node 18\./, /nodejs\.org/); // prettier-ignore
  await ok("apt-get remove -y -qq nodejs", { user: "root" });
  await ok("apt-get install -y -qq --no-install-recommends g++", { user: "root" });
  await refused(
    "npm start",
    /^Python 3\.11\.\d+ .* cannot make environments/,
    /`apt-get install python3-venv`/,
  );
  await ok("apt-get install -y -qq --no-install-recommends python3-venv", { user: "root" });
  // The course does without a compiler, less well, so this is said first and setup goes on; with --require-engine it ends.
  await refused("CXX=none npm run --silent setup -- --require-engine", /^No C\+\+ compiler/, /apt-get install g\+\+/); // prettier-ignore
  const lines: string[] = [];
  const { child, ended } = begin("CXX=none npm run --silent setup", {
    folder: course,
    onLine: (line) => {
      lines.push(line);
      if (lines.length === 2) child.kill("SIGKILL");
    },
  });
  await ended;
  expect(lines[0]).toMatch(/^\s+No C\+\+ compiler .*apt-get install g\+\+/);
  expect(lines[1]).toMatch(/^\[1\/6\] npm packages/);
});

/** Runs the first cell of chapter 00 in the JupyterLab whose address is printed. */
async function runFirstCell(address: string): Promise<string> {
  const { origin, searchParams } = new URL(address);
  const headers = {
    Authorization: `token ${searchParams.get("token")!}`,
    "Content-Type": "application/json",
  };
  const ask = async (path: string, body?: object): Promise<unknown> => {
    const response = await fetch(`${origin}/api/${path}`, { headers, ...(body && { method: "POST", body: JSON.stringify(body) }) }); // prettier-ignore
    expect(response.ok, `${path}: ${response.status}`).toBe(true);
    return response.json();
  };
  const path = "notebooks/00-start-here.ipynb";
  const { content } = (await ask(`contents/${path}`)) as { content: Notebook };
  const session = (await ask("sessions", { path, name: path, type: "notebook", kernel: { name: "residual" } })) as { id: string; kernel: { id: string } }; // prettier-ignore
  const kernel = await Kernel.connect(session, `${origin.replace("http", "ws")}/api/kernels/${session.kernel.id}/channels?session_id=newcomer&token=${searchParams.get("token")!}`); // prettier-ignore
  const cell = content.cells.find(({ cell_type }) => cell_type === "code")!;
  const executed = await kernel.execute(joined(cell.source));
  kernel.disconnect();
  expect(executed.status, textOf(executed)).toBe("ok");
  return `${joined(cell.source)}\n${textOf(executed)}`;
}

test("from a bare Debian to a cell that has run, by the README alone, in less than five minutes", async () => {
  unpack();
  installNode();
  const began = performance.now();
  const seconds = (): string => `${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s`;
  const lines: string[] = [];
  const say = (line: string): void => {
    if (/^\s*(?:npm notice.*)?$/.test(line)) return;
    lines.push(`${seconds()}  ${line.replace(/token=\w+/, "token=...")}`);
    process.stderr.write(`${lines.at(-1)!}\n`);
  };
  say(`# apt update && apt install ${packages.join(" ")}`);
  await ok(installPackages, { user: "root" });
  say("$ git clone ADDRESS residual && cd residual");
  await ok("git clone --quiet /course.git residual");
  say("$ npm start");
  let shown: (address: string) => void;
  const address = new Promise<string>((done) => (shown = done));
  const lab = begin("npm start -- --no-browser", {
    folder: course,
    onLine: (line) => {
      say(line);
      const [found] = /http:\/\/127\.0\.0\.1:\d+\/lab\S*token=\w+/.exec(line) ?? [];
      if (found !== undefined) shown(found);
    },
  });
  try {
    const cell = await runFirstCell(await Promise.race([address, lab.ended.then(({ output }) => Promise.reject(new Error(output.slice(-3000))))])); // prettier-ignore
    const took = performance.now() - began;
    say("The first cell of chapter 00, and what it says:");
    for (const line of cell.split("\n")) say(`    ${line}`);
    expect(took).toBeLessThan(300_000);
  } finally {
    lab.child.kill("SIGKILL");
    await lab.ended;
  }
  const [, version] = /^PRETTY_NAME="(.*)"$/m.exec(readFileSync(inside("/etc/os-release"), "utf8"))!;
  mkdirSync(dirname(record), { recursive: true });
  writeFileSync(record, `Made by npm run test:newcomer on ${new Date().toISOString().slice(0, 10)}, ${version!}, bare but for Node ${execFileSync(nodeOf(22), ["--version"], { encoding: "utf8" }).trim()}.\n\n${lines.join("\n")}\n`); // prettier-ignore
}); // prettier-ignore

/** A proxy on loopback; gives its address, and the hosts that it was asked for, with how often. */
async function startProxy() {
  const asked = new Map<string, number>();
  const server = createServer((_, response) => response.writeHead(501).end());
  server.on("connect", ({ url = "" }, client) => {
    const [host, port] = url.split(":") as [string, string];
    asked.set(host, (asked.get(host) ?? 0) + 1);
    const onward = connect(Number(port), host, () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      client.pipe(onward).pipe(client);
    });
    for (const [one, other] of [[client, onward], [onward, client]] as const) one.on("error", () => other.destroy());
  }); // prettier-ignore
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return { asked, address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop: () => server.close() };
} // prettier-ignore

test("in a folder with spaces and umlauts, on a disk that fills up, behind a proxy: each is said, and setup goes on", async () => {
  installNode();
  await ok(installPackages, { user: "root" });
  await ok("rm -rf residual .npm .cache");
  const parent = join(home, "Übung zu ResNets, 1. Blatt");
  mkdirSync(inside(parent));
  const disk = (size: string, ...more: string[]): void => {
    execFileSync("mount", [
      "-t",
      "tmpfs",
      "-o",
      [`size=${size}`, "uid=1000", ...more].join(","),
      "disk",
      inside(parent),
    ]);
  };
  disk("150m");
  const proxy = await startProxy();
  // No name of a host is known, so whatever does not ask the proxy reaches nothing.
  const nameless = "mount --bind /dev/null /etc/resolv.conf";
  const env = { HTTPS_PROXY: proxy.address, HTTP_PROXY: proxy.address };
  try {
    await ok(`git clone --quiet /course.git .`, { folder: parent });
    const setup = async (): Promise<Ended> => {
      const ended = await run(
        `${nameless} && exec setpriv --reuid=1000 --regid=1000 --clear-groups env HOME=${home} npm run --silent setup`,
        { folder: parent, env, user: "root" },
      );
      process.stderr.write(`${ended.output}\n`);
      return ended;
    };
    // Each time with more room: too little for the npm packages, for Python's, and for TensorFlow.
    for (const [size, error] of [
      ["150m", /^The disk filled up while installing the npm packages\.$/m],
      ["1500m", /^Not enough disk space: the Python environment needs/m],
      ["3g", /^Not enough disk space: tensorflow-cpu [\d.]+ needs/m],
    ] as const) {
      disk(size, "remount");
      const { status, output } = await setup();
      expect([status, output]).toEqual([1, expect.stringMatching(error)]);
      expect(output).toMatch(/\n {2}Free some space.*run the command again/);
      expect(output).not.toMatch(/^ {4}at /m);
    }
    disk("8g", "remount");
    const { status, output } = await setup();
    expect(status, output.slice(-3000)).toBe(0);
    expect(output).not.toMatch(/slower backends/);
    expect([...proxy.asked.values()].reduce((sum, times) => sum + times, 0)).toBeGreaterThan(2);
    for (const [host, times] of proxy.asked)
      process.stderr.write(`the proxy was asked for ${host} ${times} times\n`);
    // What a learner does there, at the tests' own setting, and an answer that is graded.
    const learner = { folder: parent, env: { RESIDUAL_SETTING: "ci" } };
    expect(await ok("npm run --silent doctor", learner)).toMatch(/Everything needed is in place/);
    await ok("npm run --silent notebooks -- 00", learner);
    const exercise = "00-seeded-batches";
    const reference = listAnswers(checkout, exercise).find(({ name }) => name === "reference")!;
    const given = parseNotebook(readFileSync(inside(join(parent, "exercises", exercise, `${exercise}.ipynb`)), "utf8"), exercise); // prettier-ignore
    const isAnswer = ({ metadata }: Cell): boolean => (metadata["nbgrader"] as { solution?: boolean } | undefined)?.solution === true; // prettier-ignore
    const cells = given.cells.map((cell) => (isAnswer(cell) ? { ...cell, source: reference.source } : cell));
    writeFileSync(inside(join(parent, "Abgabe für Ada.ipynb")), JSON.stringify({ ...given, cells }));
    await ok(`npm run --silent grade -- --no-sandbox --out "Noten hier" --exercise ${exercise} --learner ada -- "Abgabe für Ada.ipynb"`, learner); // prettier-ignore
    const records = inside(join(parent, "Noten hier", "records"));
    const [grade] = readdirSync(records).map((name) => JSON.parse(readFileSync(join(records, name), "utf8")) as { exercises: { points: number; outOf: number }[] }); // prettier-ignore
    expect(grade!.exercises[0]!.points).toBe(grade!.exercises[0]!.outOf);
    await ok("npm run --silent site -- --quick", learner);
  } finally {
    proxy.stop();
    spawnSync("umount", ["--lazy", inside(parent)]);
  }
});
