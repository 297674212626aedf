// What a family's options name: parts by name or the caller's own, and the titles of networks made of them.
import { integerWithin, oneOf, onlyKnown, shown } from "./options.js";
import type { Paths, StrideOn, UnitKind } from "./unit.js";

/**
 * A part of your own and its name. A spec, and with it a checkpoint, calls the part by that name, so give another name to another part.
 * Without a name it is called `custom`, and a run with it cannot be saved. A saved run is taken up only by a part that also computes what
 * the first one did.
 */
export interface Named<T> {
  readonly name: string;
  readonly part: T;
}

/** What a spec calls a part of the caller's own without a name. */
export const unnamed = "custom";

/**
 * The part of that name, or the caller's own. A spec calls that by `custom: ` and its name, or `custom`, and cannot be built from its file.
 * @throws RangeError listing the names if none is that one, or if the caller's name is empty or too long.
 */
export function resolvePart<T extends object>(
  option: string,
  choice: string | T | Named<T>,
  table: Readonly<Record<string, T>>,
): Named<T> {
  if (typeof choice === "string") {
    const name = oneOf(option, choice, Object.keys(table));
    return { name, part: table[name]! };
  }
  const own = ownPart<T>(option, choice);
  const isPart = typeof own.part === typeof Object.values(table)[0] && !Array.isArray(own.part);
  if (!isPart) oneOf(option, choice, Object.keys(table));
  return own;
}

/** The caller's own part, under the name that a spec gives it. */
export function ownPart<T>(option: string, choice: T | Named<T>): Named<T> {
  if (!isNamed(choice)) return { name: unnamed, part: choice };
  const { name, part } = choice;
  if (typeof name !== "string" || name.trim() === "" || name.length > 60) {
    throw new RangeError(
      `the name of a ${option} of your own must have 1 to 60 characters; got ${shown(name)}`,
    );
  }
  return { name: `${unnamed}: ${name}`, part };
}

function isNamed<T>(choice: T | Named<T>): choice is Named<T> {
  return typeof choice === "object" && choice !== null && "part" in choice;
}

/**
 * The paths of a ResNeXt, checked; undefined where there is one.
 * @throws RangeError if units are not bottlenecks, or a number is out of bounds.
 */
export function checkedPaths(kind: UnitKind, paths: unknown): Paths | undefined {
  if (paths === undefined) return undefined;
  if (kind !== "bottleneck") throw new RangeError(`only bottlenecks have paths; got paths for ${kind} units`);
  if (typeof paths !== "object" || paths === null || Array.isArray(paths)) {
    throw new RangeError(`paths must be { cardinality, width }; got ${shown(paths)}`);
  }
  onlyKnown("paths", paths, ["cardinality", "width"]);
  const { cardinality, width } = paths as Record<string, unknown>;
  return {
    cardinality: integerWithin("paths.cardinality", cardinality, 1, 1024),
    width: integerWithin("paths.width", width, 1, 4096),
  };
}

/**
 * The convolution of a bottleneck that has the stride. By default the family's own paper decides: the first 1x1 in a ResNet, as in
 * the multiply-adds of He et al. 2015, Table 1, in their published models and in the identity paper's code (resnet-pre-act.lua); the 3x3
 * in a ResNeXt (Xie et al. 2017, section 4, which follows fb.resnet.torch in this). Squeeze and excitation leaves it as it is.
 */
export function resolveStrideOn({
  strideOn,
  paths,
}: {
  readonly strideOn?: StrideOn;
  readonly paths?: unknown;
}): StrideOn {
  return oneOf("strideOn", strideOn ?? (paths === undefined ? "1x1" : "3x3"), ["1x1", "3x3"]);
}

/** The paper's options in a title. */
const optionTitles: Readonly<Record<string, string>> = {
  A: "option A",
  "A-around": "option A, zeros around",
  B: "option B",
  C: "option C",
};

/** `plain-56`, `resnet-56 (option A)`, `resnet-164 (option B, bottleneck, preActivation)`. */
export function networkTitle(depth: number, shortcut: string, details: readonly string[]): string {
  const plain = shortcut === "none";
  const option = plain ? "" : (optionTitles[shortcut] ?? `${shortcut} shortcut`);
  const remarks = [option, ...details].filter((remark) => remark !== "");
  return `${plain ? "plain" : "resnet"}-${depth}${remarks.length > 0 ? ` (${remarks.join(", ")})` : ""}`;
}
