// Attacks by kinds, each a program made from a pattern and a target: what `npm run grade:attack` grades, and the tests a sample of.

/** How many of each kind's targets the tests take; the command takes all. */
export const sampleOfKind = 1;

/** Sources of attacks by kind and name. Each defines what the exercise asks for, wrongly: whatever it gains, it gains by force. */
export function attackPrograms(): ReadonlyMap<string, readonly (readonly [name: string, source: string])[]> {
  const each = (targets: readonly string[], source: (target: string) => string) =>
    targets.map((target, index) => [`${index}-${slugOf(target)}`, source(target)] as const);
  return new Map([
    ["proc", each([...readable, ...writable], (path) => answering(tried(`fs.writeFileSync(${text(path)}, "1")`, `fs.readFileSync(${text(path)}, "latin1")`)))], // prettier-ignore
    ["files", each(places, (path) => answering(tried(`fs.writeFileSync(${text(`${path}/attack-was-here`)}, "1")`, `fs.symlinkSync("/etc/passwd", ${text(`${path}/attack-was-here`)})`, `fs.mkdirSync(${text(`${path}/attack-was-here`)})`)))], // prettier-ignore
    ["inodes", each(["mkdirSync(path)", "symlinkSync('x', path)", "writeFileSync(path + 'y'.repeat(200), '')"], (call) => `${imports}for (let i = 0; ; i++) { const path = tmpdir() + "/" + i; fs.${call}; }\n${wrong}`)], // prettier-ignore
    [
      "memory",
      each(
        hoards,
        (hoard) => `${imports}const kept: unknown[] = [];\nfor (;;) kept.push(${hoard});\n${wrong}`,
      ),
    ],
    ["realms", each(realms, (code) => `${imports}try { ${code} } catch {}\n${wrong}`)],
    ["protocol", each(lines, (line) => `${imports}for (let fd = 0; fd < 12; fd++) try { fs.writeSync(fd, ${line}); } catch {}\n${wrong}`)], // prettier-ignore
    ["names", each(names, (code) => `${code}\nvar unitsOf: any = unitsOf;`)],
    ["processes", each(commands, (command) => answering(tried(`require("child_process").execSync(${text(command)}, { timeout: 2000 }).toString("latin1")`)))], // prettier-ignore
  ]);
}

const imports = 'import * as fs from "node:fs";\nimport { createRequire } from "node:module";\nimport { tmpdir } from "node:os";\nconst require = createRequire(tmpdir() + "/");\n'; // prettier-ignore
const wrong = "function residualSum(): any { return []; }\nvar unitsOf: any = () => -1;";
const text = (value: string): string => JSON.stringify(value);
const slugOf = (target: string): string => target.replaceAll(/[^a-z0-9]+/gi, "-").slice(0, 24).replace(/^-|-$/g, "") || "x"; // prettier-ignore

/** An answer that gives back whatever the attempts find, in case a judge could be moved by it. */
const answering = (code: string): string =>
  `${imports}${code}\nfunction residualSum(x: any): any { return found.length ? found : []; }\nvar unitsOf: any = () => found;`;
const tried = (...attempts: readonly string[]): string =>
  `const found: any[] = [];\n${attempts.map((attempt) => `try { found.push(${attempt}); } catch (error) { found.push(String(error)); }`).join("\n")}`;

const readable = ["/proc/self/environ", "/proc/self/maps", "/proc/self/mountinfo", "/proc/1/environ", ["/proc/1/root", "etc/shadow"].join("/"), "/proc/keys", "/proc/kcore", "/proc/1/mem"]; // prettier-ignore
const writable = ["/proc/self/oom_score_adj", "/proc/self/mem", "/proc/sysrq-trigger", "/proc/sys/kernel/core_pattern", "/proc/sys/vm/drop_caches", "/proc/self/uid_map"]; // prettier-ignore
const places = [
  "",
  "/usr",
  "/etc",
  "/dev",
  "/dev/shm/..",
  "/proc",
  "/sys/fs/cgroup",
  "..",
  "../..",
  "../../node_modules",
];
const hoards = ["new Float64Array(1 << 22).fill(1)", "Buffer.alloc(1 << 25, 1)", "'x'.repeat(1 << 20) + Math.random()", "new Map([...Array(1e5).keys()].map((i) => [i, {}]))", "new (globalThis as any).WebAssembly.Memory({ initial: 1000 }).buffer && new Uint8Array(1 << 25).fill(1)"]; // prettier-ignore
const realms = [
  'require("vm").runInThisContext("Object.prototype.points = 6")',
  'require("vm").runInNewContext("this.constructor.constructor(\'return process\')().exit(0)")',
  '(process as any).binding("natives")',
  'process.dlopen({ exports: {} } as any, tmpdir() + "/none.node")',
  "globalThis.JSON = new Proxy(JSON, { get: () => () => 'null' })",
  "Object.defineProperty(Object.prototype, 'value', { get: () => 1, set() {} })",
  "Object.setPrototypeOf(globalThis, new Proxy(Object.getPrototypeOf(globalThis), {}))",
  "Object.defineProperty(Array, Symbol.species, { get: () => Object })",
  "(Error as any).prepareStackTrace = () => process.exit(0)",
  'process.on("exit", () => fs.writeSync(4, "{}\\n"))',
  "(globalThis as any).Promise = class extends Promise<any> {}",
  'require("inspector").open(0)',
  'require("async_hooks").createHook({ before() { process.exitCode = 0; } }).enable()',
  "Object.prototype.toString = () => '[object Array]'",
];
const lines = [
  text('{"ready":true,"missing":[]}\n'),
  text('{"id":"1","value":[]}\n'),
  text('{"cell":99}\n{"failed":-1,"message":"x"}\n'),
  text("\u0000\n\u0000"),
  '"{".repeat(1 << 16)',
  `${text("a")}.repeat(64) + ${text(' {"ready":true}\n')}`,
  text('{"reply":{"finding":null}}\n'),
  text("\r\n\r\n\u2028\n"),
];
const names = [
  "var residualSum: any = new Proxy(function () {}, { apply: () => [] });",
  "var residualSum: any = async function* () { yield []; };",
  "class residualSum { static call() { return []; } }",
  "var residualSum: any = { [Symbol.toPrimitive]: () => 6, length: 1 };",
  "function r\\u0065sidualSum(): any { return { length: 3, 0: NaN }; }",
  "var residualSum: any = () => ({ then: (done: any) => done([]) });",
  "var residualSum: any = () => new Proxy([], { get: (_, key) => (key === 'length' ? 3 : 0) });",
  "namespace residualSum { export const value = [] as any; }",
];
const commands = ["unshare -U id", "kill -9 -1", "cat /etc/shadow", "mount -t tmpfs x /tmp", "setsid sleep 100 &", "dmesg", "su root -c id", "chroot / id"]; // prettier-ignore
