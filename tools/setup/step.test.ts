// Steps, stamps and their recovery from being killed, with made-up steps on real files.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Progress } from "./ground/progress.mjs";
import { Problem, Unavailable } from "./problem";
import { fingerprint, fingerprintFiles, Stamps, writeWhole } from "./stamp";
import { runSteps, type Step } from "./step";

let root: string;
let lines: string[];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "residual-step-"));
  lines = [];
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

const progress: Progress = {
  ready: (name, note = "ready") => lines.push(`${name}: ${note}`),
  step: (name, why, work) => {
    lines.push(`${name}: ${why}`);
    return work(() => undefined);
  },
  warn: (text) => lines.push(text),
  interrupt: () => undefined,
};

function go(...steps: Step[]): Promise<Unavailable[]> {
  const run = (): never => {
    throw new Error("these steps run no programs");
  };
  return runSteps(steps, {
    root,
    run,
    diagnose: () => undefined,
    stamps: new Stamps(join(root, "stamps")),
    progress,
  });
}

/** A step that writes one file. */
function writing(id: string, options: Partial<Step> = {}): Step {
  const path = join(root, id);
  return {
    id,
    name: id,
    fingerprint: () => "1",
    damage: () =>
      existsSync(path) && readFileSync(path, "utf8") === "whole" ? undefined : "the file is damaged",
    make: () => writeWhole(path, "whole"),
    ...options,
  };
}

describe("runSteps()", () => {
  it("makes what is missing once, and again only where it is outdated or damaged", async () => {
    await go(writing("a"));
    await go(writing("a"));
    await go(writing("a", { fingerprint: () => "2" }));
    writeFileSync(join(root, "a"), "who");
    await go(writing("a", { fingerprint: () => "2" }));
    expect(lines).toEqual(["a: not there yet", "a: ready", "a: outdated", "a: the file is damaged"]);
    expect(readFileSync(join(root, "a"), "utf8")).toBe("whole");
  });

  it("does not believe a step that ended well without its result", async () => {
    await expect(go(writing("a", { make: () => Promise.resolve() }))).rejects.toThrow("the file is damaged");
    await go(writing("a"));
    expect(lines).toEqual(["a: not there yet", "a: not there yet"]);
  });

  it("forgets an earlier success before it begins anew", async () => {
    await go(writing("a"));
    const failing = writing("a", {
      fingerprint: () => "2",
      make: () => Promise.reject(new Problem("no", "mend it")),
    });
    await expect(go(failing)).rejects.toThrow("no");
    await go(writing("a"));
    expect(lines.at(-1)).toBe("a: not there yet");
  });

  it("notes the inputs from before the work: a source changed meanwhile is built next time", async () => {
    let version = "1";
    const step = writing("a", { fingerprint: () => version });
    await go({ ...step, make: (context) => ((version = "2"), step.make(context)) });
    await go(step);
    expect(lines).toEqual(["a: not there yet", "a: outdated"]);
  });

  it("goes on without what the machine cannot offer, and leaves out what needs it", async () => {
    const missing = writing("a", {
      optional: true,
      make: () => Promise.reject(new Unavailable("no compiler", "get one")),
    });
    const found = await go(missing, writing("b", { needs: ["a"] }), writing("c"));
    expect(found.map(({ message }) => message)).toEqual(["no compiler"]);
    expect(lines).toEqual(["a: not there yet", "no compiler get one", "b: left out", "c: not there yet"]);
  });

  it("ends at any other failure, of an optional step too", async () => {
    const failing = writing("a", {
      optional: true,
      make: () => Promise.reject(new Problem("no network", "connect")),
    });
    await expect(go(failing, writing("b"))).rejects.toThrow("no network");
    expect(lines).toEqual(["a: not there yet"]);
  });

  it("ends up whole however often and whenever it is killed", async () => {
    const script = join(import.meta.dirname, "kill.fixture.ts");
    const register = join(import.meta.dirname, "../typescript.cjs");
    const runOnce = (killAfterMs: number | undefined): Promise<number | null> =>
      new Promise((resolve) => {
        const child = spawn(process.execPath, ["-r", register, script, root], {
          stdio: ["ignore", "pipe", "inherit"],
        });
        child.stdout.once("data", () => {
          if (killAfterMs !== undefined) setTimeout(() => child.kill("SIGKILL"), killAfterMs);
        });
        child.on("close", resolve);
      });
    const claims = (): boolean => ["one", "two", "three"].every((id) => existsSync(join(root, "stamps", id)));
    // Each run that is left alone takes about 150 ms; the delays are spread over that, and odd.
    for (let kill = 0; kill < 8; kill++) {
      const status = await runOnce((kill * 37) % 150);
      for (const id of ["one", "two", "three"]) {
        if (!existsSync(join(root, "stamps", id))) continue;
        expect(readFileSync(join(root, id), "utf8")).toBe("0123456789".repeat(20));
      }
      if (status === null) continue;
      expect(claims()).toBe(true);
      for (const id of ["one", "two", "three"]) rmSync(join(root, "stamps", id), { force: true });
    }
    expect(await runOnce(undefined)).toBe(0);
    expect(claims()).toBe(true);
  }, 60_000);
});

describe("fingerprint()", () => {
  it("tells where one part ends and the next begins", () => {
    expect(fingerprint("ab", "c")).not.toBe(fingerprint("a", "bc"));
  });

  it("fingerprintFiles() sees contents and names, and passes over what is built", async () => {
    await writeWhole(join(root, "src/a.ts"), "1");
    const before = fingerprintFiles(root, ["src"]);
    await writeWhole(join(root, "src/dist/a.js"), "built");
    expect(fingerprintFiles(root, ["src"])).toBe(before);
    await writeWhole(join(root, "src/a.ts"), "2");
    const changed = fingerprintFiles(root, ["src"]);
    expect(changed).not.toBe(before);
    await writeWhole(join(root, "src/b.ts"), "");
    expect(fingerprintFiles(root, ["src"])).not.toBe(changed);
    expect(fingerprintFiles(root, ["src"], (path) => path !== join("src", "b.ts"))).toBe(changed);
  });
});
