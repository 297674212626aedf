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
    ["types", each(valueless, (code) => code)],
    ["returns", each(returned, (value) => `${imports}function residualSum(): any { return (${value}); }\nvar unitsOf: any = () => (${value});`)], // prettier-ignore
    ["leftovers", each(leftovers, (code) => `${imports}function residualSum(): any { ${code}; return []; }\nvar unitsOf: any = () => -1;`)], // prettier-ignore
    ["modules", each(modules, (code) => `${imports}try { ${code} } catch {}\n${wrong}`)],
    ["hoards", each(unseen, (code) => answering(tried(`require("child_process").execFileSync("/usr/bin/python3", ["-c", ${text(code)}], { timeout: 4000 }).toString()`)))], // prettier-ignore
    ["protocol", each(lines, (line) => `${imports}for (let fd = 0; fd < 12; fd++) try { fs.writeSync(fd, ${line}); } catch {}\n${wrong}`)], // prettier-ignore
    ["names", each(names, (code) => `${code}\nvar unitsOf: any = unitsOf;`)],
    ["sight", each(sights, (folder) => `${imports}${copied(folder)}`)],
    ["errors", each(thrown, (value) => `${imports}function residualSum(): any { throw (${value}); }\nvar unitsOf: any = () => { throw (${value}); };`)], // prettier-ignore
    ["clocks", each(clocks, (code) => `${imports}function residualSum(): any { ${code}; return []; }\nvar unitsOf: any = () => { ${code}; return -1; };`)], // prettier-ignore
    ["bindings", each(bindings, (code) => `${imports}${code}`)],
    ["wire", each(wire, (value) => `${imports}function residualSum(x: any): any { return (${value}); }\nvar unitsOf: any = (x: any) => (${value});`)], // prettier-ignore
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
  '(process as any).binding("fs").writeBuffer = () => process.exit(0)',
  'new ((process as any).binding("inspector").Connection)(() => {}).dispatch("{}")',
  "Array.prototype.constructor = { [Symbol.species]: function () { return { length: 0 }; } } as any",
  "Buffer.prototype.toString = () => '{\"input\":2}'",
  "Object.getPrototypeOf(new Map()[Symbol.iterator]()).next = () => ({ done: true })",
  "Object.getPrototypeOf(function* () {}).prototype.next = () => ({ done: true })",
  "(Array.prototype as any)[Symbol.isConcatSpreadable] = false",
  'require("v8").promiseHooks.onSettled((promise: any) => { promise.constructor = Object; promise.then = (done: any) => done([]); })',
  'require("v8").setFlagsFromString("--allow-natives-syntax")',
  'require("buffer").INSPECT_MAX_BYTES = 99; for (const key of require("v8").queryObjects(Buffer, { format: "summary" })) fs.writeSync(4, key)',
  "Function.prototype.call = Function.prototype.apply = (() => []) as any",
  "Object.defineProperty(globalThis, 'setInterval', { value: () => process.exit(0) })",
];
/** The right type and no value, so that only a look at the types could be moved. */
const valueless = [
  "declare function residualSum(x: Vector, branch: (x: Vector) => number[]): number[];",
  "declare var residualSum: (x: Vector, branch: (x: Vector) => number[]) => number[];",
  "let residualSum!: (x: Vector, branch: (x: Vector) => number[]) => number[];",
  "var residualSum = undefined as any as (x: Vector, branch: (x: Vector) => number[]) => number[];",
  "var residualSum: (x: Vector, branch: (x: Vector) => number[]) => number[]; for (;;) {}",
  "throw 1; function unreached() {} var residualSum = (x: Vector, branch: (x: Vector) => number[]) => [...x];",
  "declare global { function residualSum(x: Vector, branch: (x: Vector) => number[]): number[]; }",
  "const { residualSum } = {} as { residualSum: (x: Vector, branch: (x: Vector) => number[]) => number[] };",
  "var residualSum = null as any as (x: Vector, branch: (x: Vector) => number[]) => number[];",
  "const residualSum = JSON.parse('null') as (x: Vector, branch: (x: Vector) => number[]) => number[];",
];
const returned = [
  "{ then: (done: any) => done([]), toJSON: () => [1] }",
  "new Array(2 ** 32 - 1)",
  "Object.create(null, { length: { get() { process.exit(0); } } })",
  "new Proxy([], { get: () => { throw new TypeError('x'); } })",
  "(() => { const { proxy, revoke } = Proxy.revocable([], {}); revoke(); return proxy; })()",
  "{ [Symbol.toPrimitive]: () => 3, valueOf: () => 3, length: 3 }",
  'require("vm").runInNewContext("[NaN, -0, 1 / 0]")',
  "new Float64Array(new SharedArrayBuffer(1 << 20))",
  "{ get error(): any { throw { get name() { throw 1; } }; } }",
  "10n ** 5000n",
  "Object.fromEntries([['$number', 'NaN'], ['__proto__', 1]])",
  "(() => { const loop: any[] = []; loop.push(loop); return loop; })()",
  "new Date(NaN)",
];
const leftovers = [
  "setTimeout(() => process.exit(0), 0)",
  "const again = (): void => queueMicrotask(again); again()",
  "const next = (): void => { process.nextTick(next); }; next()",
  "Promise.reject(new RangeError('late'))",
  "process.once('uncaughtException', () => {}); setImmediate(() => { throw new RangeError('late'); })",
  "process.kill(process.pid, 'SIGSTOP')",
  "process.kill(process.pid, 'SIGTERM')",
  "process.kill(0, 'SIGCONT')",
  "fs.closeSync(3)",
  "fs.closeSync(4)",
  "process.exitCode = 0; process.emit('exit', 0)",
  "process.abort()",
  "process.chdir('/')",
  "for (let fd = 5; fd < 300; fd++) fs.openSync('/dev/null', 'r')",
];
const modules = [
  'require("module")._load = () => ({})',
  'require("module")._extensions[".js"] = () => process.exit(0)',
  "for (const key of Object.keys(require.cache)) require.cache[key]!.exports = {}",
  'require("module").register("data:text/javascript,export {}")',
  'fs.writeFileSync(tmpdir() + "/x.mjs", "export { Worker } from \'node:worker_threads\'"); new (await import(tmpdir() + "/x.mjs")).Worker("1", { eval: true })',
  'require("fs").readSync = require("fs").writeSync = () => 0; require("module").syncBuiltinESMExports()',
  'const residual = require(require("path").resolve("../../../../../lib")); for (const key of Object.keys(residual)) residual[key] = () => []',
  "(globalThis as any).require = () => process.exit(0)",
  "process.dlopen({ exports: {} } as any, process.execPath)",
  'process.mainModule!.exports = {}; process.argv[1] = "/dev/null"',
];
const python = (...lines: string[]): string => ["import ctypes, mmap, os, socket", ...lines].join("\n");
/** Memory that no process shows as its own, and where it lies. */
const unseen = [
  python("m = mmap.mmap(-1, 1 << 30)", "if os.fork() == 0: m.write(bytes(1 << 30)); os._exit(0)", "os.wait()", "print('held')"), // prettier-ignore
  python("m = mmap.mmap(os.open('/dev/zero', os.O_RDWR), 1 << 30)", "print('held')"),
  python("a, b = socket.socketpair()", "for i in range(200): f = os.memfd_create('x'); os.write(f, bytes(1 << 22)); socket.send_fds(a, [b'x'], [f]); os.close(f)", "print('held')"), // prettier-ignore
  python("print(ctypes.CDLL(None).shmget(0, 1 << 30, 0o1600))"),
  python("print([ctypes.CDLL(None).msgget(0, 0o1600) for _ in range(1000)])"),
  python("s = [x for _ in range(100) for x in socket.socketpair()]", "[x.setsockopt(1, 7, 1 << 24) for x in s]", "print('held')"), // prettier-ignore
  python("m = mmap.mmap(-1, 1 << 42, flags=34, prot=1)", "m.madvise(mmap.MADV_NOHUGEPAGE)", "for i in range(0, 1 << 42, 1 << 21): m[i]"), // prettier-ignore
  python("p = [os.pipe() for _ in range(100)]", "import fcntl", "[fcntl.fcntl(w, 1031, 1 << 20) for _, w in p]", "print('held')"), // prettier-ignore
  python("print([ctypes.CDLL(None).semget(0, 32000, 0o1600) for _ in range(1000)])"),
  python("l = ctypes.CDLL(None)", "print([l.inotify_add_watch(l.inotify_init1(0), ('/usr/lib/' + f).encode(), 2) for f in os.listdir('/usr/lib')])"), // prettier-ignore
  python("l = ctypes.CDLL(None)", "print([l.syscall(206, 1000, ctypes.byref(ctypes.c_long(0))) for _ in range(60)])"), // prettier-ignore
  python("print([ctypes.CDLL(None).prctl(78, 1, 1 << bits, 0) for bits in (26, 24, 22, 20)])"),
  python("print(ctypes.CDLL(None).syscall(444, (ctypes.c_ulong * 3)(0, 3, 0), 16, 0))"),
  python("s = socket.socket()", "s.bind(('127.0.0.1', 0))", "s.listen(100)", "c = [socket.create_connection(s.getsockname()) for _ in range(100)]", "[x.setblocking(False) for x in c]", "print([x.send(bytes(1 << 22)) for x in c])"), // prettier-ignore
  python("r, w = os.pipe()", "m = mmap.mmap(-1, 1 << 22, flags=34)", "m.madvise(14)", "m.write(bytes(1 << 22))", "v = (ctypes.c_ulong * 2)(ctypes.addressof(ctypes.c_char.from_buffer(m)), 1)", "print(ctypes.CDLL(None).vmsplice(w, v, 1, 2))"), // prettier-ignore
  python("if os.fork() == 0: os._exit(0)", "for i in range(1 << 17): os.mkdir('/tmp/%d' % i)"),
  python("import signal", "signal.pthread_sigmask(signal.SIG_BLOCK, [40])", "l = ctypes.CDLL(None)", "print(sum(l.sigqueue(os.getpid(), 40, None) + 1 for _ in range(1 << 17)))"), // prettier-ignore
  python("[os.openpty() for _ in range(120)]", "print('held')"),
  python("for i in range(1 << 17): os.setxattr('/tmp', 'user.%d' % i, bytes(60000))"),
  python("import threading, time", "def hoard(): kept = [b'x' * (1 << 20) for _ in range(3000)]; time.sleep(9)", "threading.Thread(target=hoard).start()", "ctypes.CDLL(None).syscall(60 if os.uname().machine == 'x86_64' else 93, 0)"), // prettier-ignore
  python("import fcntl", "fcntl.flock(open('/usr/bin/env'), fcntl.LOCK_EX)", "print('held')"),
  python("import fcntl", "f = [open('/tmp/%d' % i, 'w') for i in range(200)]", "[fcntl.lockf(x, fcntl.LOCK_EX, 1, 2 * i) for i in range(1 << 17) for x in f]", "print('held')"), // prettier-ignore
  python("import fcntl, struct", "print(fcntl.fcntl(open('/usr/bin/env'), 36, struct.pack('hhqqixxxx', 1, 0, 0, 0, 0)))"), // prettier-ignore
  python("import fcntl", "fcntl.fcntl(os.open('/usr/bin', os.O_RDONLY), fcntl.F_NOTIFY, fcntl.DN_ACCESS | fcntl.DN_MULTISHOT)", "print('held')"), // prettier-ignore
];
/** Where an instructor's own try at the exercise may lie; the tests put one there. */
const sights = [".ipynb_checkpoints", ".", ".."];
/** Finds a notebook with an answer in a folder, and makes it its own. */
const copied = (folder: string): string => `
var residualSum: any = () => [], unitsOf: any = () => -1;
for (const name of fs.readdirSync(${text(folder)}, { recursive: true, encoding: "utf8" }))
  if (name.endsWith(".ipynb"))
    for (const cell of JSON.parse(fs.readFileSync(${text(`${folder}/`)} + name, "utf8")).cells) {
      const code = [cell.source].flat().join("").replaceAll(/: \\(x: Vector\\) => number\\[\\]|: (Vector|number)(\\[\\])?/g, "").replaceAll("]!", "]");
      if (code.includes("return residual.map")) residualSum = new Function("return " + code)();
      if (code.includes("/ 6")) unitsOf = new Function(code + "; return unitsOf")();
    }`;
/** What an answer may throw in place of an error. */
const thrown = [
  "null",
  "{ get name(): any { return process.exit(0); } }",
  "new Proxy(new TypeError('x'), { get: () => { throw 1; } })",
  "Object.assign(new TypeError('x'), { name: 'x'.repeat(1 << 23) })",
  "Object.assign(new TypeError('x'), { name: { toString: () => { throw 1; } } })",
  "Object.setPrototypeOf(new TypeError('x'), null)",
  "new AggregateError([new TypeError('x')], '\\u0000\\u2028\\ud800')",
  "(() => { const loop: any = new TypeError('x'); loop.cause = loop; loop.message = loop; return loop; })()",
];
/** Ways to have no time pass, or to wait where nobody looks. */
const clocks = [
  "Date.now = () => 0; performance.now = () => 0; for (;;) {}",
  "(process as any).hrtime = () => [0, 0]; (globalThis as any).setTimeout = (f: any) => f(); for (;;) {}",
  "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)",
  "require('child_process').execSync('sleep 100')",
  "require('child_process').spawnSync(process.execPath, ['-e', 'for (;;) {}'], { stdio: 'inherit' })",
  "/^(a+)+$/.test('a'.repeat(64) + 'b')",
  "fs.readFileSync('/dev/random')",
];
/** What the names may be bound to. */
const bindings = [
  "var residualSum: any, unitsOf: any; for (const name of ['residualSum', 'unitsOf']) Object.defineProperty(globalThis, name, { get: () => process.exit(0) });",
  "let reads = 0; var residualSum: any, unitsOf: any; for (const name of ['residualSum', 'unitsOf']) try { Object.defineProperty(globalThis, name, { get: () => (reads++ ? undefined : () => []) }); } catch {}",
  "var residualSum: any = (function* () { yield []; })(), unitsOf: any = (async () => -1)();",
  "var residualSum: any = Function.prototype, unitsOf: any = Function.prototype;",
  "var residualSum: any = new Function('return arguments.callee.caller'), unitsOf: any = new Function('return arguments.callee.caller.arguments');",
  "(Error as any).prepareStackTrace = (_: any, sites: any[]) => sites.map((site) => site.getFunction?.()); var residualSum: any = () => new Error('x').stack, unitsOf: any = () => new Error('x').stack;",
  "Object.defineProperty(RangeError, Symbol.hasInstance, { value: () => true }); Object.defineProperty(Error, Symbol.hasInstance, { value: () => true }); var residualSum: any = () => { throw 1; }, unitsOf: any = residualSum;",
];
/** Values that look like what is said on the channel, or like what a judge compares with. */
const wire = [
  "{ asked: JSON.stringify({ input: x }), value: [] }",
  "{ error: { name: 'RangeError', message: 'x' } }",
  "{ value: { $number: 'NaN' } }",
  "[{ $number: 'Infinity' }, { $number: 'NaN' }, { $number: '1' }]",
  "'\\n' + JSON.stringify({ reply: { finding: null } }) + '\\n'",
  "new (class extends Float64Array { get length() { return 0; } })(8)",
  "new (class extends Array { get length() { return 1e9; } set length(_) {} })()",
  "Array.from(x.length ? x : [x], String)",
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
