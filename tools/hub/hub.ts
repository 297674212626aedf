// A JupyterHub whose learners are accounts of Linux, in a namespace of its own: accounts, files and processes go when it ends, however it ends.
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createServer, type AddressInfo } from "node:net";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { HubEnvironment } from "./environment";
import { pythonEnv } from "../setup/python";
import { processes } from "./memory";

export const TEACHER = "teacher";

/** A Hub that runs. */
export interface Hub {
  readonly url: string;
  /** What `office`, a service with the rights of an administrator, shows. */
  readonly officeToken: string;
  /** The namespace's first process. */
  readonly pid: number;
  /** The folder of everybody's homes, as it is called inside. */
  readonly homes: string;
  /** An account's number. */
  readonly uidOf: (name: string) => number;
  /** A file's or folder's path inside, as this process sees it. */
  readonly inside: (path: string) => string;
  /** Runs a program inside as one of the accounts, in its home; gives what it printed. @throws Error with that where it fails */
  readonly runAs: (name: string, command: string, ...args: string[]) => Promise<string>;
  /** The end of the Hub's log. */
  readonly log: () => string;
  readonly stop: () => Promise<void>;
}

/** Who sits in it, and what they work on. */
export interface Classroom {
  readonly learners: readonly string[];
  /** The exercise that the teacher has, ready for nbgrader. */
  readonly exercise: string;
  /** How long the chapters' runs are: what RESIDUAL_SETTING says in learners' kernels. */
  readonly setting: "ci" | "everyday";
}

/** What is mounted, made and started inside. Its first process ends with this one's end of the pipe, and all others with it. */
const script = `set -eu
place=$1; course=$2; exercise=$3; node=$4; shift 4
mount -t tmpfs -o mode=755 classroom "$place"
mkdir "$place/homes" "$place/hub" "$place/etc"
mkdir -m 777 "$place/exchange"
chmod 777 "$place/exchange"
chmod 700 "$place/hub"
cp /etc/passwd /etc/group "$place/etc/"
uid=$FIRST_UID
for name in $ACCOUNTS; do
  echo "$name:x:$uid:$uid::$place/homes/$name:/bin/sh" >> "$place/etc/passwd"
  echo "$name:x:$uid:" >> "$place/etc/group"
  mkdir -m 700 "$place/homes/$name"
  chown "$uid:$uid" "$place/homes/$name"
  uid=$((uid + 1))
done
for file in passwd group; do mount --bind "$place/etc/$file" "/etc/$file"; done
# The teacher's own repository, whole, where no learner comes: grading needs the answers.
mkdir "$place/homes/${TEACHER}/residual"
mount --bind "$course" "$place/homes/${TEACHER}/residual"
mount -t tmpfs -o "mode=700,uid=$FIRST_UID,gid=$FIRST_UID" cache "$place/homes/${TEACHER}/residual/node_modules/.cache"
# Their course for nbgrader, by the command that docs/grading.md names.
(cd "$place/homes/${TEACHER}/residual" && HOME="$place/hub" "$node" -r ./tools/typescript.cjs tools/grade/main.ts --nbgrader "$place/homes/${TEACHER}/course" --exercise "$exercise")
chown -R "$FIRST_UID:$FIRST_UID" "$place/homes/${TEACHER}/course" "$place/homes/${TEACHER}/residual/node_modules/.cache"
# What learners get holds no answers, and what they leave in the machine's folders for everybody goes too.
mount -t tmpfs -o mode=700 answers "$course/solutions"
for folder in /tmp /var/tmp /dev/shm; do
  case "$course/" in "$folder"/*) ;; *) [ ! -d "$folder" ] || mount -t tmpfs -o mode=1777 classroom "$folder" ;; esac
done
cd "$place/hub"
printf %s "$CONFIGURATION" > jupyterhub_config.py
"$@" < /dev/null 3<&- &
cat <&3 > /dev/null &
wait -n
`;

/** Starts a Hub for a teacher, who has an exercise to hand out, and learners. @throws Error with the Hub's log where it does not answer within a quarter of an hour */
export async function startHub(
  root: string,
  { bin, proxyBin }: HubEnvironment,
  { learners, exercise, setting }: Classroom,
): Promise<Hub> {
  const place = ["/srv", "/mnt", "/media"].find((folder) => !`${root}/`.startsWith(`${folder}/`))!;
  const officeToken = randomBytes(32).toString("hex");
  const [port, hubPort, proxyPort] = await freePorts(3);
  const url = `http://127.0.0.1:${port!}`;
  const configuration = `# The classroom's Hub: the course's own fragments, and what a machine's administrator would decide.
load_subconfig(${JSON.stringify(join(root, "tools", "hub", "residual_hub.py"))})
load_subconfig(${JSON.stringify(join(root, "tools", "hub", "cull_idle.py"))})
c.JupyterHub.bind_url = "${url}"
c.JupyterHub.hub_port = ${hubPort!}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:${proxyPort!}"
c.JupyterHub.spawner_class = "jupyterhub.spawner.LocalProcessSpawner"
c.Spawner.poll_interval = 5
c.Spawner.environment.update({"RESIDUAL_SETTING": "${setting}"})
c.Authenticator.allow_all = True
c.JupyterHub.authenticator_class = "dummy"
# Everybody here comes with a token, so nobody knows it.
c.DummyAuthenticator.password = "${randomBytes(32).toString("hex")}"
c.JupyterHub.services.append({"name": "office", "api_token": "${officeToken}"})
c.JupyterHub.load_roles.append({"name": "office", "services": ["office"],
    "scopes": ["admin:users", "admin:servers", "tokens", "access:servers", "list:users"]})
`;
  const firstUid = freeUids(learners.length + 1);
  const uidOf = (name: string): number => firstUid + [TEACHER, ...learners].indexOf(name);
  const outer = spawn(
    "unshare",
    [
      ...["--mount", "--propagation", "private", "--pid", "--fork", "--mount-proc", "--kill-child"],
      ...[
        "bash",
        "-c",
        script,
        "classroom",
        place,
        root,
        exercise,
        process.execPath,
        join(bin, "jupyterhub"),
      ],
    ],
    {
      env: {
        ...pythonEnv(),
        FIRST_UID: String(firstUid),
        ACCOUNTS: [TEACHER, ...learners].join(" "),
        CONFIGURATION: configuration,
        PATH: [bin, proxyBin, dirname(process.execPath), "/usr/sbin:/usr/bin:/sbin:/bin"].join(":"),
        RESIDUAL_COURSE: root,
        RESIDUAL_HUB_PYTHON: dirname(bin),
        NBGRADER_EXCHANGE: join(place, "exchange"),
      },
      stdio: ["ignore", "pipe", "pipe", "pipe"],
    },
  );
  let said = "";
  for (const stream of [outer.stdout!, outer.stderr!])
    stream.setEncoding("utf8").on("data", (text: string) => (said = (said + text).slice(-200_000)));
  const log = (): string => said.slice(-6000);
  const stop = async (): Promise<void> => {
    if (outer.exitCode !== null || outer.signalCode !== null) return;
    const ended = new Promise((done) => outer.once("close", done));
    (outer.stdio[3] as NodeJS.WritableStream).end();
    await ended;
  };
  try {
    await answers(`${url}/hub/api/`, outer, log);
  } catch (error) {
    await stop();
    throw error;
  }
  const pid = Number(readFileSync(`/proc/${outer.pid!}/task/${outer.pid!}/children`, "utf8").trim());
  const homes = join(place, "homes");
  return {
    url,
    officeToken,
    pid,
    homes,
    uidOf,
    inside: (path) => join(`/proc/${pid}/root`, path),
    runAs: (name, command, ...args) => {
      const uid = uidOf(name);
      const home = join(homes, name);
      const program = [
        ...["--target", String(pid), "--mount", "--pid"],
        ...["setpriv", `--reuid=${uid}`, `--regid=${uid}`, "--clear-groups"],
        ...["env", "-i", `HOME=${home}`, `USER=${name}`, `PATH=${bin}:${dirname(process.execPath)}:/usr/bin:/bin`],
        `JUPYTER_CONFIG_PATH=${join(root, "tools/hub/jupyter")}:${join(root, "tools/start/jupyter")}`,
        `JUPYTER_PATH=${join(root, ".venv/share/jupyter")}`,
        `NBGRADER_EXCHANGE=${join(place, "exchange")}`,
        ...["sh", "-c", 'cd "$1" && shift && exec "$@"', "sh", home, command, ...args],
      ]; // prettier-ignore
      return new Promise((done, fail) => {
        execFile("nsenter", program, { maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
          if (error) fail(new Error(`${name}: ${command} ${args.join(" ")}\n${stdout}${stderr}`, { cause: error }));
          else done(stdout + stderr);
        }); // prettier-ignore
      });
    },
    log,
    stop,
  };
}

/** The first of so many account numbers in a row that nobody on this machine has, in its list of accounts or as the owner of a program. */
function freeUids(count: number): number {
  const taken = new Set(processes().map(({ uid }) => uid));
  for (const line of readFileSync("/etc/passwd", "utf8").split("\n")) taken.add(Number(line.split(":")[2]));
  // Two classes that start at the same moment must not choose the same.
  const places = 350;
  for (let place = process.pid % places; ; place = (place + 1) % places) {
    const first = 61_000 + place * count;
    const wanted = Array.from({ length: count }, (_, i) => first + i);
    if (!wanted.some((uid) => taken.has(uid))) return first;
  }
}

async function answers(url: string, child: ChildProcess, log: () => string): Promise<void> {
  const limit = performance.now() + 900_000;
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`the Hub ended, with ${child.exitCode ?? child.signalCode}:\n${log()}`);
    const response = await fetch(url).catch(() => undefined);
    if (response?.ok) return;
    if (performance.now() > limit)
      throw new Error(`the Hub does not answer within a quarter of an hour:\n${log()}`);
    await wait(500);
  }
}

/** Ports of this machine that nobody listens on. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((done, fail) => {
          server.once("error", fail).listen(0, "127.0.0.1", () => {
            done((server.address() as AddressInfo).port);
          });
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  return ports;
}
