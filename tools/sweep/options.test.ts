import { expect, test } from "vitest";
import { readOptions } from "./options";

test("readOptions() refuses an option that would do nothing where the sweep is to run", () => {
  expect(() => readOptions(["f.json", "--on", "slurm", "--records", "r"])).toThrow(
    "--records is for --on local alone; with --on slurm it would do nothing",
  );
  expect(() => readOptions(["f.json", "--time", "1:00:00"])).toThrow("--time is for --on slurm alone");
  expect(() => readOptions(["f.json", "--dry-run"])).toThrow("--dry-run is for --on slurm and kubernetes alone"); // prettier-ignore
  expect(readOptions(["f.json", "--on", "kubernetes", "--memory", "1Gi", "--claim", "c"])).toMatchObject({
    file: "f.json",
    on: "kubernetes",
    memory: "1Gi",
  });
});

test("readOptions() names what is not known", () => {
  expect(() => readOptions(["f.json", "--on", "mesos"])).toThrow("--on must be one of local, slurm, kubernetes; got mesos"); // prettier-ignore
  expect(() => readOptions(["f.json", "--nodes", "3"])).toThrow("'--nodes'");
  expect(() => readOptions([])).toThrow("one FILE must be given; got none");
  expect(() => readOptions(["a.json", "b.json"])).toThrow("one FILE must be given; got a.json b.json");
});
