// Every public function has an example in its documentation that runs, and gives what the comments in it say.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInThisContext } from "node:vm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { documentedFunctions, runnable, type Documented } from "./examples.fixture.js";
import * as library from "./index.js";

const { runtime } = library;
const home = process.cwd();
let folder: string;

beforeAll(async () => {
  await runtime.ready();
  // Some examples write files.
  folder = mkdtempSync(join(tmpdir(), "residual-examples-"));
  process.chdir(folder);
});

afterAll(() => {
  process.chdir(home);
  rmSync(folder, { recursive: true, force: true });
});

/** Numbers as the comments have them: whole ones, and others to 5 digits; tensors and the tape's arrays and values as nested lists. */
function plain(value: unknown): unknown {
  if (typeof value === "number") return Number.isInteger(value) ? value + 0 : Number(value.toPrecision(5));
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof runtime.tf.Tensor) return plain(value.arraySync());
  if (ArrayBuffer.isView(value)) return plain([...(value as unknown as Iterable<number>)]);
  if (Array.isArray(value)) return value.map(plain);
  if ("shape" in value && "data" in value) return plain(library.autodiff.toNested(value as library.autodiff.NdArray)); // prettier-ignore
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, plain(part)]));
}

const names = [...Object.keys(library), "tf", "expect_"];

/** An example as a function of what it may name. */
function compiled(example: string): (...given: unknown[]) => Promise<void> {
  const code = `(async (${names.join(", ")}) => {\n${runnable(example)}\n})`;
  return runInThisContext(code) as (...given: unknown[]) => Promise<void>;
}

const isThere = ({ name }: Documented): boolean => {
  const [namespace, part] = name.split(".") as [keyof typeof library, string];
  return part in library[namespace]; // a class may be exported as a type alone
};

const functions = documentedFunctions().filter(isThere);
const examples = functions.flatMap(({ name, examples }) =>
  examples.map((example) => [name, example] as const),
);

test.each(examples)("%s()'s example runs and gives what it says", async (_, example) => {
  const compare = (value: unknown, comment: string) => {
    expect(plain(value)).toEqual(plain(runInThisContext(`(${comment})`)));
  };
  await compiled(example)(...Object.values(library), runtime.tf, compare);
});

test("every public function has an example", () => {
  expect(functions.length).toBeGreaterThan(200);
  const without = functions.filter(({ examples }) => examples.length === 0).map(({ name }) => name);
  expect(without).toEqual([]);
});
