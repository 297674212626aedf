// Checks of what figures are drawn from; each error states the rule, the value and where it stands.

/** A value to draw: finite, or null for a gap. */
export type Value = number | null;

/** @throws RangeError if a title is missing. */
export function requireTitle(title: string, what: string): void {
  if (typeof title !== "string" || title.trim() === "")
    throw new RangeError(`a figure needs a ${what} that says what is shown; got ${JSON.stringify(title)}`);
}

/** @throws RangeError if there is nothing to draw. */
export function requireSome(items: readonly unknown[], what: string): void {
  if (items.length === 0) throw new RangeError(`a figure needs at least one ${what}; got none`);
}

/** @throws RangeError if the lengths differ. */
export function requireLength(values: ArrayLike<unknown>, expected: number, what: string): void {
  if (values.length !== expected)
    throw new RangeError(`${what} must have ${String(expected)} values; got ${String(values.length)}`);
}

/** @throws RangeError at the first value that is neither finite nor null, or that a logarithmic axis cannot show. */
export function requireValues(
  values: ArrayLike<Value>,
  what: string,
  scale: "linear" | "log" | undefined = "linear",
): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === null) continue;
    if (typeof value !== "number" || !Number.isFinite(value))
      throw new RangeError(
        `${what} must be finite numbers, or null for a gap; got ${String(value)} at index ${String(i)}`,
      );
    if (scale === "log" && value <= 0)
      throw new RangeError(
        `${what} must be positive on a logarithmic axis; got ${String(value)} at index ${String(i)}`,
      );
  }
}
