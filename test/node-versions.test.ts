// The built library and the kernel under the oldest and the newest supported Nodes: the library trains on the native backend, the kernel
// runs cells and stops them.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { Notebook, shown } from "./kernel-notebook";
import { installNodes, nodeOf, VERSIONS } from "./nodes";

const root = join(import.meta.dirname, "..");

beforeAll(installNodes);

/** Three steps of gradient descent on a small convolution with batch norm and ReLU; prints what it ran on and the losses. */
const SCRIPT = `
  const { runtime } = require("residual");
  runtime.ready().then(async ({ backend }) => {
    const { tf } = runtime;
    const x = tf.randomNormal([8, 6, 6, 2], 0, 1, "float32", 7);
    const kernel = tf.variable(tf.randomNormal([3, 3, 2, 4], 0, 0.3, "float32", 8));
    const gamma = tf.variable(tf.ones([4]));
    const beta = tf.variable(tf.zeros([4]));
    const loss = () => {
      const h = runtime.relu(tf.batchNorm(tf.conv2d(x, kernel, 1, "valid"), [0, 0, 0, 0], [1, 1, 1, 1], beta, gamma));
      return tf.mean(tf.square(tf.sub(h, 0.25)));
    };
    const losses = [];
    for (let step = 0; step < 3; step++) {
      const { value, grads } = tf.variableGrads(loss);
      for (const parameter of [kernel, gamma, beta]) {
        parameter.assign(tf.sub(parameter, tf.mul(grads[parameter.name], 0.2)));
      }
      losses.push((await value.data())[0]);
    }
    process.stdout.write("\\nresult " + JSON.stringify({ node: process.versions.node, backend, losses }) + "\\n");
    process.exit(0);
  }).catch((error) => { console.error(error); process.exit(1); });
`;

describe("the library", () => {
  it.each(VERSIONS)("trains on the native backend under Node %i", (major) => {
    const node = nodeOf(major);
    const { status, stdout, stderr } = spawnSync(node, ["-e", SCRIPT], {
      cwd: root,
      encoding: "utf8",
      env: { ...process.env, RESIDUAL_BACKEND: "tensorflow", TF_CPP_MIN_LOG_LEVEL: "2" },
    });
    expect(status, stderr).toBe(0);
    const line = stdout.split("\n").find((text) => text.startsWith("result "))!;
    const {
      node: version,
      backend,
      losses,
    } = JSON.parse(line.slice("result ".length)) as {
      node: string;
      backend: string;
      losses: [number, number, number];
    };
    expect(version.split(".")[0]).toBe(String(major));
    expect(backend).toBe("tensorflow");
    expect(losses[1]).toBeLessThan(losses[0]);
    expect(losses[2]).toBeLessThan(losses[1]);
  });
});

describe("the kernel", () => {
  it.concurrent.each(VERSIONS)("runs cells, stops them and imports residual under Node %i", async (major) => {
    const folder = mkdtempSync(join(tmpdir(), "residual-node-"));
    const notebook = new Notebook(folder, { node: nodeOf(major) });
    try {
      await notebook.command("start");
      const [first, , wrong] = await notebook.run(
        "const a: number = 20; process.version",
        'import { runtime } from "residual";\nawait runtime.ready();\nruntime.tf.sum([1, 2, 3]);',
        "const b: string = a;",
      );
      expect(shown(first!)).toMatch(new RegExp(`^v${major}\\.`));
      expect(wrong!.reply["ename"]).toBe("TypeScriptError");
      const sum = await notebook.one("(await runtime.tf.sum([1, 2, 3]).data())[0]");
      expect(shown(sum)).toBe("6");
      for (const endless of ["while (true) {}", "await null; for (;;) {}", "await new Promise(() => {});"]) {
        const stopped = await notebook.one(endless, { interrupt_after: 1, timeout: 30 });
        expect(stopped.reply["ename"]).toBe("KeyboardInterrupt");
        expect(shown(await notebook.one("a + 1"))).toBe("21");
      }
      // A loop that holds its variable gives it back.
      await notebook.one("let turns = 0;");
      await notebook.one("while (true) turns++;", { interrupt_after: 1, timeout: 30 });
      expect(shown(await notebook.one("turns > 1000"))).toBe("true");
      // An ES module is read again when one that it imports has changed.
      writeFileSync(join(folder, "door.mjs"), 'export * from "./deep.mjs";');
      for (const value of [1, 22]) {
        writeFileSync(join(folder, "deep.mjs"), `export const v = ${String(value)};`);
        expect(shown(await notebook.one('import { v } from "./door.mjs"; v'))).toBe(String(value));
      }
      // Node 22 ends where V8 collects a script that waits.
      const collecting =
        'import { setFlagsFromString } from "node:v8";\nsetFlagsFromString("--expose-gc");\nconst collect = (await import("node:vm")).runInNewContext("gc") as () => void;\nfor (let i = 0; i < 5; i++) { collect(); await new Promise((r) => setTimeout(r, 10)); }\na';
      expect(shown(await notebook.one(collecting))).toBe("20");
      expect(await notebook.command("stop")).toEqual({ alive: false });
    } finally {
      notebook.abandon();
      rmSync(folder, { recursive: true });
    }
  });
});
