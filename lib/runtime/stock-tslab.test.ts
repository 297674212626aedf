// Whoever opens a chapter with another kernel is told, and nobody else.
import { expect, it } from "vitest";
import { stockTslabNotice } from "./stock-tslab.js";

const node = "/usr/bin/node";

it.each([
  [node, "/usr/local/bin/tslab", "kernel", "--config-path", "/run/kernel.json"],
  [node, "/home/me/.npm/_npx/1/node_modules/tslab/bin/tslab", "kernel", "--config-path=/run/kernel.json"],
  [String.raw`C:\node.exe`, String.raw`C:\npm\node_modules\tslab\bin\tslab`, "kernel", "--js"],
])("stockTslabNotice() names the kernel to choose: %s %s %s", (...args) => {
  expect(stockTslabNotice(args)).toMatch(/published tslab.*choose the kernel "TypeScript \(Residual\)"/);
});

it.each([
  [[]],
  [[node]],
  [[node, "/home/me/tslab/residual/kernel/dist/main.js", "/run/kernel.json"]],
  [[node, "/usr/local/bin/tslab", "install"]],
  [[node, "/home/me/kernel", "kernel"]],
])("stockTslabNotice() says nothing to %j", (args) => {
  expect(stockTslabNotice(args)).toBeUndefined();
});
