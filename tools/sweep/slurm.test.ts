import { expect, test } from "vitest";
import { slurmScript } from "./slurm";

const sweep = { file: "/s/it's.json", folder: "/s/runs", runs: [{ checkpoint: "a" }, { checkpoint: "b" }] };

test("slurmScript() gives each task its run, and quotes what a shell would read otherwise", () => {
  const script = slurmScript(sweep, { memory: "2G", time: "1:00:00" });
  expect(script).toContain("#SBATCH --array=0-1\n");
  expect(script).toContain(
    `'/s/it'\\''s.json' --folder '/s/runs' --workers 1 --only "$SLURM_ARRAY_TASK_ID"\n`,
  );
});

test("slurmScript() refuses what a comment line of sbatch would cut apart or read otherwise", () => {
  for (const folder of ["/s/my runs", "/s/100%", '/s/"a"'])
    expect(() => slurmScript({ ...sweep, folder }, { memory: "2G" })).toThrow(`got ${folder}`);
  expect(() => slurmScript(sweep, { memory: "2 G" })).toThrow("--memory must be one word, as sbatch takes it; got 2 G"); // prettier-ignore
});
