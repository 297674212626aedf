// The library's rooms from the ground up, and which imports between files are allowed: what `npm run check:rooms` holds the code to.
import { fileURLToPath } from "node:url";
import { cruise } from "dependency-cruiser";
import extractTSConfig from "dependency-cruiser/config-utl/extract-ts-config";

/**
 * @typedef {import("dependency-cruiser").ICruiseResult} CruiseResult
 * @typedef {import("dependency-cruiser").IRegularForbiddenRuleType} Rule
 */

/**
 * The folders of lib/ from the ground up. A file imports from its own folder and from those before it, never from one behind it.
 * Files of lib/ itself lie below all of them, but for the door `index.ts`.
 */
export const rooms = [
  "random",
  "files",
  "display",
  "plot",
  "runtime",
  "compile",
  "model",
  "train",
  "data",
  "nn",
  "autodiff",
  "derivations",
  "analysis",
  "sweep",
  "check",
  "shapes",
  "namespaces",
];

/**
 * @param {readonly string[]} order the folders of lib/ from the ground up
 * @returns {Rule[]}
 */
function rulesOf(order) {
  return [
    ...order
      .slice(0, -1)
      .map((room, level) =>
        rule(
          `upward import from lib/${room}`,
          "move down what both need, or move the importing file up",
          { path: `^lib/${room}/` },
          { path: `^lib/(?:${order.slice(level + 1).join("|")})/` },
        ),
      ),
    rule(
      "circle of files",
      "none of them can be read first: move what they need of each other to a file of its own",
      {},
      { circular: true },
    ),
    rule(
      "folder of lib/ without a place",
      "list it in tools/rooms/rooms.mjs, above what it imports",
      {},
      { path: "^lib/[^/]+/", pathNot: `^lib/(?:${order.join("|")})/` },
    ),
    rule(
      "upward import from lib/ itself",
      "every folder uses the files that lie in lib/, so they import from none; index.ts is the door",
      { path: "^lib/[^/]+$", pathNot: "^lib/index\\.ts$" },
      { path: "^lib/(?:[^/]+/|index\\.ts$)" },
    ),
    rule(
      "import from outside of lib/",
      "the library is installed without the rest of the repository",
      { path: "^lib/" },
      { path: "^(?:kernel|tools|test|notebooks|solutions)/" },
    ),
    rule(
      "import of Node in the core of lib/",
      "the core runs in a browser too: only files called *.node.ts import what Node alone has",
      { path: "^lib/", pathNot: "\\.node\\.ts$" },
      { dependencyTypes: ["core"] },
    ),
  ];
}

/**
 * @param {string} name what is refused
 * @param {string} comment the remedy
 * @param {Rule["from"]} from
 * @param {Rule["to"]} to
 * @returns {Rule}
 */
function rule(name, comment, from, to) {
  return { name, comment, severity: "error", from, to };
}

/**
 * Reads the imports of the sources below `root`, those of types too, and holds them to the rules.
 *
 * @param {string} root the folder that holds lib/
 * @param {{ folders?: readonly string[], order?: readonly string[] }} [options] `folders` of it that are read, and the `order` of lib's
 * @returns {Promise<CruiseResult>}
 */
export async function readImports(root, { folders = ["lib", "kernel", "tools"], order = rooms } = {}) {
  const { output } = await cruise(
    [...folders],
    {
      baseDir: root,
      ruleSet: { forbidden: rulesOf(order) },
      validate: true,
      tsPreCompilationDeps: true, // a type belongs to a room as much as a function does
      doNotFollow: { path: "node_modules" },
      exclude: { path: "(?:^|/)dist/|\\.(?:test|fixture)\\.ts$" },
    },
    { conditionNames: ["residual-source", "import", "node", "default"], exportsFields: ["exports"] },
    { tsConfig: extractTSConfig(fileURLToPath(new URL("../../tsconfig.json", import.meta.url))) },
  );
  return /** @type {CruiseResult} */ (output);
}

/**
 * One line for each import that a rule refuses, with the remedy. One upward import closes a circle with every file on the way, so circles are
 * told where there is nothing else.
 *
 * @param {CruiseResult} imports
 * @returns {string[]}
 */
export function refusals({ summary }) {
  const remedies = new Map(summary.ruleSetUsed?.forbidden?.map(({ name, comment }) => [name, comment]));
  const others = summary.violations.filter(({ cycle }) => cycle === undefined);
  return (others.length > 0 ? others : summary.violations).map(({ rule: { name }, from, to, cycle }) => {
    const path = cycle ? [from, ...cycle.map((file) => file.name)] : [from, to];
    return `${name}: ${path.join(" -> ")}; ${remedies.get(name) ?? ""}`;
  });
}

/**
 * The imports between the rooms as a Mermaid diagram, from the roof down. An arrow that a longer way makes superfluous is left out: where
 * train imports compile and compile imports runtime, the arrow from train to runtime would say nothing new about the order.
 *
 * @param {CruiseResult} imports
 * @param {readonly string[]} [order]
 * @returns {string}
 */
export function picture({ modules }, order = rooms) {
  /** @param {string} file */
  const roomOf = (file) => /^lib\/([^/]+)\//.exec(file)?.[1];
  /** @type {Map<string, Set<string>>} */
  const imports = new Map(order.map((room) => [room, new Set()]));
  for (const { source, dependencies } of modules) {
    const from = roomOf(source);
    for (const { resolved } of dependencies) {
      const to = roomOf(resolved);
      if (from !== undefined && to !== undefined && from !== to) imports.get(from)?.add(to);
    }
  }
  /** @type {(from: string, to: string) => boolean} */
  const reaches = (from, to) =>
    [...(imports.get(from) ?? [])].some((next) => next === to || reaches(next, to));
  const arrows = order.toReversed().flatMap((from) => {
    const all = [...(imports.get(from) ?? [])];
    const kept = all.filter((to) => !all.some((other) => other !== to && reaches(other, to)));
    return kept.toSorted((a, b) => order.indexOf(b) - order.indexOf(a)).map((to) => `  ${from} --> ${to}`);
  });
  return ["flowchart TD", ...arrows].join("\n");
}
