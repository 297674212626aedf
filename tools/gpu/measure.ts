// Runs one measurement in a process of its own, and follows it.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Engine } from "./engines";
import type { About, Line, Speed, Task } from "./task";

/** What a measurement came to. */
export type Outcome =
  | { readonly about: About; readonly losses?: readonly number[]; readonly speed?: Speed }
  | { readonly problem: string }; // prettier-ignore

const root = join(__dirname, "..", "..");
/** A driver can hang for ever; a slow one compiles its shaders for a minute before the first update. */
const silence = 240_000; // ms

/** @param stepped called after each update with how many were made */
export function measure(
  engine: Engine,
  task: Task,
  stepped: (step: number) => void,
  script = join(__dirname, "worker.ts"),
): Promise<Outcome> {
  return new Promise((settle) => {
    const child = spawn(
      process.execPath,
      ["--require", "./tools/typescript.cjs", script, JSON.stringify(task)],
      {
        cwd: root,
        env: { TF_CPP_MIN_LOG_LEVEL: "2", ...process.env, ...engine.environment },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    let said = "";
    let about: About | undefined;
    let result: { losses?: readonly number[]; speed?: Speed } = {};
    let isLate = false;
    let timer: NodeJS.Timeout | undefined;
    const alive = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        isLate = true;
        child.kill("SIGKILL");
      }, silence);
    };
    alive();
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      said = (said + text).slice(-4000);
    });
    createInterface({ input: child.stdout }).on("line", (text) => {
      alive();
      if (!text.startsWith("{")) return; // what a driver prints
      const line = JSON.parse(text) as Line;
      if ("about" in line) about = line.about;
      else if ("step" in line) stepped(line.step);
      else if ("losses" in line) result = { losses: line.losses };
      else result = { speed: line };
    });
    child.on("error", (error) => {
      clearTimeout(timer);
      settle({ problem: error.message });
    });
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      if (code === 0 && about) settle({ about, ...result });
      else if (isLate) settle({ problem: `no answer within ${silence / 1000} s` });
      else
        settle({
          problem: signal ? `its process was ended by ${signal}. ${lastLine(said)}` : lastLine(said),
        });
    });
  });
}

/** Of what a process printed: TensorFlow's own lines stand before the error. */
function lastLine(text: string): string {
  const lines = text.split("\n").map((line) => line.trim()).filter((line) => line !== "" && !/^[IWE]\d{4} |^WARNING/.test(line)); // prettier-ignore
  return lines.at(-1) ?? "it printed nothing";
}
