// Parts chosen by name or given by the caller, and the titles of networks made of them.
import { oneOf } from "./options.js";

/** A part and the name by which a spec calls it. */
export interface Chosen<T> {
  readonly name: string;
  readonly part: T;
}

/**
 * The part of that name, or the caller's own, which is called `custom`: a spec that says `custom` cannot be built from its file.
 * @throws RangeError listing the names if there is none such.
 */
export function chosen<T extends object>(
  option: string,
  choice: string | T,
  table: Readonly<Record<string, T>>,
): Chosen<T> {
  if (typeof choice === "string") {
    const name = oneOf(option, choice, Object.keys(table));
    return { name, part: table[name]! };
  }
  const isPart = typeof choice === typeof Object.values(table)[0] && !Array.isArray(choice);
  if (!isPart) oneOf(option, choice, Object.keys(table));
  return { name: "custom", part: choice };
}

/** `plain-56`, `resnet-56 (option A)`, `resnet-164 (option B, bottleneck, preActivation)`. */
export function titled(depth: number, shortcut: string, details: readonly string[]): string {
  const plain = shortcut === "none";
  const option = plain ? "" : shortcut === "custom" ? "custom shortcut" : `option ${shortcut}`;
  const remarks = [option, ...details].filter((remark) => remark !== "");
  return `${plain ? "plain" : "resnet"}-${depth}${remarks.length > 0 ? ` (${remarks.join(", ")})` : ""}`;
}
