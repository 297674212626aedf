// A network that knows its units, and a deviation for each layer that it is asked for.
type Layer = {
  readonly place: "stem" | "branch" | "shortcut" | "head";
  readonly inputs: number;
  readonly unit?: number;
};

class Network {
  constructor(readonly layers: readonly Layer[]) {}

  get units(): number {
    return new Set(this.layers.filter(({ place }) => place === "branch").map(({ unit }) => unit)).size;
  }

  branch(wanted: Layer): readonly Layer[] {
    return this.layers.filter(({ place, unit }) => place === "branch" && unit === wanted.unit);
  }

  deviation(layer: Layer): number {
    const he = Math.sqrt(2 / layer.inputs);
    switch (layer.place) {
      case "head":
        return 0;
      case "stem":
      case "shortcut":
        return he;
      case "branch": {
        const m = this.branch(layer).length;
        return this.branch(layer).indexOf(layer) === m - 1 ? 0 : he * this.units ** (1 / (2 - 2 * m));
      }
    }
  }
}

export function fixupDeviations(layers: readonly Layer[]): number[] {
  const network = new Network(layers);
  return layers.map((layer) => network.deviation(layer));
}
