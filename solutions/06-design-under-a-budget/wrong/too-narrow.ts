// The same number of channels, with a first stage that is too narrow.
export function design() {
  return { depth: 110, width: 4 };
}
