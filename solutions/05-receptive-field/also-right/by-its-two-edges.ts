// The first and the last pixel of one feature, followed down; as an arrow function with names of its own.
export const receptiveField = (layers: readonly { kernel: number; stride: number }[]) => {
  const edges = { first: 0, last: 0 };
  for (let i = layers.length; i-- > 0;) {
    edges.first = edges.first * layers[i]!.stride;
    edges.last = edges.last * layers[i]!.stride + layers[i]!.kernel - 1;
  }
  return edges.last - edges.first + 1;
};
