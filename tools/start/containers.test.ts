// The container's files hold what the rest of the course says: its command, its engines, and what setup makes.
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { parseStartOptions } from "./start";

const root = resolve(__dirname, "..", "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const dockerfile = read("binder/Dockerfile");

test("the image's command is one that npm start takes, without a browser and reachable from outside", () => {
  const [, list] = /^CMD (\[.*\])$/m.exec(dockerfile)!;
  const [npm, start, dashes, ...options] = JSON.parse(list!) as string[];
  expect([npm, start, dashes]).toEqual(["npm", "start", "--"]);
  const { openBrowser, ip, port } = parseStartOptions(options);
  expect([openBrowser, ip]).toEqual([false, "0.0.0.0"]);
  expect(dockerfile).toContain(`EXPOSE ${port}`);
});

test("the image's Node is one that package.json takes, and its Debian packages are what CI and the README install for setup", () => {
  const [, major, minor] = /^ARG BASE=node:(\d+)\.(\d+)\.\d+-bookworm-slim$/m.exec(dockerfile)!;
  expect(read("package.json")).toContain('"node": ">=20.19.0 <25"');
  expect(Number(major) > 20 || Number(minor) >= 19).toBe(true);
  expect(Number(major)).toBeLessThan(25);
  for (const needed of ["g++", "python3-venv"]) {
    expect(read(".ci/run")).toContain(needed);
    expect(dockerfile).toContain(needed);
    expect(/`apt install ([^`]+)`/.exec(read("README.md"))![1]!.split(" ")).toContain(needed);
  }
});

test("nothing that setup or a run made here is copied into the image", () => {
  const ignored = read(".dockerignore").split("\n");
  const made = read(".gitignore")
    .split("\n")
    .filter((line) => /^\/?[.\w]/.test(line))
    .map((line) => line.replace(/^\/|\/$/g, ""));
  const missing = made.filter(
    (name) => !ignored.includes(name) && !ignored.includes(`**/${name.split("/").at(-1)!}`),
  );
  expect(missing).toEqual([]);
});

test("the dev container builds from the same file", () => {
  const { build } = JSON.parse(read(".devcontainer/devcontainer.json")) as { build: { dockerfile: string } };
  expect(existsSync(join(root, ".devcontainer", build.dockerfile))).toBe(true);
});
