// Finds the state dict in what a training script saved: at the top, or under one of the keys there.
import { kindOf, PickleUnknown, shown, type Refuse } from "./pickle-values.js";
import { quote } from "./quote.js";
import { TensorView } from "./torch-pickle.js";

/** Tensors by name, not read yet. */
export type StateDict = ReadonlyMap<string, TensorView>;

/**
 * The one state dict in a file's content, or the one under `key`: a dictionary of tensors alone, by name. One that stands under several
 * keys is one.
 *
 * @throws what `refuse` makes of the keys and the state dicts that there are, and of the entry that keeps one from being it.
 */
export function findStateDict(content: unknown, key: string | undefined, refuse: Refuse): StateDict {
  if (key === undefined && isStateDict(content)) return content;
  if (!(content instanceof Map)) {
    throw refuse(`it must hold a state dict; it holds ${kindOf(content)}${remedy(content)}`);
  }
  const entries = [...(content as ReadonlyMap<unknown, unknown>)];
  // Each dictionary is looked through once, however many keys lead to it.
  const inside = new Set([...new Set(entries.map(([, value]) => value))].filter(isStateDict));
  const leading = entries.filter(([, value]) => inside.has(value as StateDict));
  const chosen = key === undefined ? inside : new Set(leading.filter(([name]) => name === key).map(([, value]) => value as StateDict)); // prettier-ignore
  const [found, another] = chosen;
  if (found && !another) return found;

  const names = (some: readonly (readonly [unknown, unknown])[]) =>
    some.length === 0 ? "none" : some.slice(0, 8).map(([name]) => shown(name)).join(", ") + (some.length > 8 ? " ..." : ""); // prettier-ignore
  if (another) {
    throw refuse(`it holds several state dicts: ${names(leading)}; choose one by the option stateDict`);
  }
  const place = key === undefined ? "at its top or one level below" : `under the key ${quote(key)}`;
  const asked = key === undefined ? entries : entries.filter(([name]) => name === key);
  throw refuse(
    `it must hold a state dict, a dictionary of tensors alone, ${place}; ` +
      `its keys are ${names(entries)}, of state dicts ${names(leading)}${obstacle(content, asked)}`,
  );
}

/** The entry that keeps a dictionary of tensors from being a state dict, or a whole network that stands in its place. */
function obstacle(
  content: ReadonlyMap<unknown, unknown>,
  entries: readonly (readonly [unknown, unknown])[],
): string {
  const seen = new Set<unknown>();
  for (const [name, tensors] of [[undefined, content] as const, ...entries]) {
    if (!(tensors instanceof Map) || seen.has(tensors)) continue;
    seen.add(tensors);
    const all = [...(tensors as ReadonlyMap<unknown, unknown>)];
    const other = all.find((entry) => !isTensorEntry(entry));
    if (!other || !all.some(isTensorEntry)) continue;
    const where = tensors === content ? "" : ` of ${shown(name)}`;
    return `; the entry ${shown(other[0])}${where}, beside tensors, is ${kindOf(other[1])}`;
  }
  const object = entries.find(([, value]) => value instanceof PickleUnknown);
  return object ? `; ${shown(object[0])} is ${kindOf(object[1])}${remedy(object[1])}` : "";
}

/** What to do about an object of Python. */
function remedy(value: unknown): string {
  return value instanceof PickleUnknown
    ? ", which only Python can make. Write the tensors alone, in Python: torch.save(model.state_dict(), path)"
    : "";
}

function isTensorEntry([name, value]: readonly [unknown, unknown]): boolean {
  return typeof name === "string" && value instanceof TensorView;
}

function isStateDict(value: unknown): value is StateDict {
  if (!(value instanceof Map) || value.size === 0) return false;
  for (const entry of value as ReadonlyMap<unknown, unknown>) if (!isTensorEntry(entry)) return false;
  return true;
}
