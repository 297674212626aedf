// The native engine is found again after npm has taken the link to it out of node_modules.
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { putBackLink } from "./native-link.node.js";

let course: string;
let entry: string;
let link: string;

beforeEach(() => {
  course = realpathSync(mkdtempSync(join(tmpdir(), "residual-link-")));
  const folder = join(course, "node_modules", "@tensorflow", "tfjs-node-gpu");
  entry = join(folder, "dist", "index.js");
  link = join(folder, "lib", "napi-v8", "tfjs_binding.node");
  mkdirSync(dirname(entry), { recursive: true });
});

afterEach(() => {
  rmSync(course, { recursive: true });
});

/** An engine as setup leaves it. */
function putEngine(): void {
  const made = join(course, ".engine", "cpu-1", "tfjs_binding.node");
  mkdirSync(dirname(made), { recursive: true });
  writeFileSync(made, "binding");
  symlinkSync(made, join(course, ".engine", "tfjs_binding.node"));
}

test("putBackLink() leads to the engine that setup made, however often it is called", () => {
  putEngine();
  putBackLink(entry);
  putBackLink(entry);
  expect(readFileSync(link, "utf8")).toBe("binding");
});

test("putBackLink() leaves a binding that is there, and does nothing where setup made none", () => {
  putBackLink(entry);
  expect(() => readFileSync(link)).toThrow("ENOENT");
  putEngine();
  mkdirSync(dirname(link), { recursive: true });
  writeFileSync(link, "npm's own");
  putBackLink(entry);
  expect(readFileSync(link, "utf8")).toBe("npm's own");
});
