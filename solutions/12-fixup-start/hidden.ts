// What is graded of the start: networks with branches of any length, with projections and without units, and what known mistakes give.
import { check } from "residual";

type Layer = { readonly place: "stem" | "branch" | "shortcut" | "head"; readonly inputs: number } & (
  { readonly unit: number } | { readonly unit?: never }
);
type Case = { readonly layers: readonly Layer[] };

/** What a rule knows of a layer beside what the layer says. */
interface About {
  /** He's deviation. */
  readonly he: number;
  /** L. */
  readonly units: number;
  /** m, the number of layers in the branch of its unit; 0 where it has none. */
  readonly m: number;
  readonly first: boolean;
  readonly last: boolean;
  readonly layers: readonly Layer[];
}

type Rule = (layer: Layer, about: About) => number;

const branchOf = (layers: readonly Layer[], wanted: number | undefined) =>
  layers.filter(({ place, unit }) => place === "branch" && unit === wanted);

/** The deviations by a rule. */
const by =
  (rule: Rule) =>
  ({ layers }: Case): number[] => {
    const units = new Set(layers.flatMap(({ unit }) => (unit === undefined ? [] : [unit]))).size;
    return layers.map((layer) => {
      const branch = branchOf(layers, layer.unit);
      const [first, last] = [layer === branch[0], layer === branch.at(-1)];
      return rule(layer, { he: Math.sqrt(2 / layer.inputs), units, m: branch.length, first, last, layers });
    });
  };

const power = (units: number, m: number) => (m > 1 ? units ** (-1 / (2 * m - 2)) : 1);

const fixup: Rule = ({ place }, { he, units, m, last }) =>
  place === "head" || last ? 0 : place === "branch" ? he * power(units, m) : he;

/** Fixup with another factor in the branches. */
const factors = (factor: (about: About, layer: Layer) => number) =>
  by((layer, about) =>
    layer.place === "branch" && !about.last ? about.he * factor(about, layer) : fixup(layer, about),
  );

/** Fixup with another rule where a condition holds. */
const where = (holds: (layer: Layer, about: About) => boolean, rule: Rule) =>
  by((layer, about) => (holds(layer, about) ? rule(layer, about) : fixup(layer, about)));

const right = by(fixup);

const mistakes: readonly check.Mistake<Case>[] = [
  {
    mistake: "turns-the-exponent-over",
    message: "the weights of deep networks grow: the exponent is negative",
    gives: factors(({ units, m }) => 1 / power(units, m)),
  },
  {
    mistake: "counts-the-last-layer-too",
    message: "the exponent is that of 2m: the last layer is 0, and the m - 1 others share the work",
    gives: factors(({ units, m }) => units ** (-1 / (2 * m))),
  },
  {
    mistake: "forgets-the-half",
    message: "the exponent is that of m - 1: it is that of 2m - 2",
    gives: factors(({ units, m }) => power(units, m) ** 2),
  },
  {
    mistake: "takes-two-layers-for-granted",
    message: "the factor is that of branches with two layers: m is the number of layers in this branch",
    gives: factors(({ units }) => power(units, 2)),
  },
  {
    mistake: "takes-the-first-branch-for-all",
    message: "m is that of the first unit: each branch has a number of layers of its own",
    gives: factors(({ units, layers }) =>
      power(units, branchOf(layers, layers.find(({ place }) => place === "branch")!.unit).length),
    ),
  },
  {
    mistake: "counts-the-projection-in-m",
    message: "m counts the projection too: it stands on the shortcut, and not in the branch",
    gives: factors(({ units, m, layers }, { unit }) =>
      power(units, m + layers.filter((other) => other.place === "shortcut" && other.unit === unit).length),
    ),
  },
  {
    mistake: "counts-layers-for-units",
    message: "L is the number of all layers in branches: it is the number of units",
    gives: factors(({ layers, m }) => power(layers.filter(({ place }) => place === "branch").length, m)),
  },
  {
    mistake: "counts-layers-for-units",
    message: "L is the number of all layers: it is the number of units",
    gives: factors(({ layers, m }) => power(layers.length, m)),
  },
  {
    mistake: "takes-the-highest-number-for-the-count",
    message: "L is the number of the last unit: they are counted from 0, so there is one more",
    gives: factors(({ units, m }) => (m > 1 ? (units - 1) ** (-1 / (2 * m - 2)) : 1)),
  },
  {
    mistake: "scales-by-the-units-number",
    message:
      "later units begin smaller: the factor follows from how many units there are, and is one for all",
    gives: factors(({ m }, { unit }) => power(unit! + 1, m)),
  },
  {
    mistake: "forgets-the-factor",
    message: "the layers in the branches have He's weights as they are: they are multiplied by a power of L",
    gives: factors(() => 1),
  },
  {
    mistake: "scales-the-variance",
    message: "the variance is multiplied by the factor: the weights are, and so is their deviation",
    gives: factors(({ units, m }) => Math.sqrt(power(units, m))),
  },
  {
    mistake: "takes-the-shortcut-for-the-last",
    message:
      "where the projection is listed behind the branch it is taken for the branch's last layer: it stands on the shortcut",
    gives: by((layer, about) => {
      const own = about.layers.filter(({ unit }) => unit !== undefined && unit === layer.unit);
      if (layer === own.at(-1)) return 0;
      return about.last ? about.he * power(about.units, about.m) : fixup(layer, about);
    }),
  },
  {
    mistake: "keeps-the-last-layer",
    message: "the last layer of a branch begins like the others: it begins at 0",
    gives: where(
      ({ place }, { last }) => place === "branch" && last,
      (_, { he, units, m }) => he * power(units, m),
    ),
  },
  {
    mistake: "keeps-the-last-layer",
    message: "the last layer of a branch has He's weights: it begins at 0",
    gives: where(
      ({ place }, { last }) => place === "branch" && last,
      (_, { he }) => he,
    ),
  },
  {
    mistake: "empties-the-first-layer",
    message: "the first layer of a branch is 0: the last one is",
    gives: by((layer, { first, ...about }) => fixup(layer, { ...about, first, last: first })),
  },
  {
    mistake: "empties-the-branch",
    message: "all layers of a branch are 0: then no gradient passes it, and it can never learn",
    gives: factors(() => 0),
  },
  {
    mistake: "keeps-the-head",
    message: "the head has He's weights: it begins at 0",
    gives: where(
      ({ place }) => place === "head",
      (_, { he }) => he,
    ),
  },
  {
    mistake: "scales-the-shortcut",
    message: "a projection is multiplied by the factor: it stands on the shortcut, and not in the branch",
    gives: where(
      ({ place }) => place === "shortcut",
      (_, { he, units, m }) => he * power(units, m),
    ),
  },
  {
    mistake: "empties-the-shortcut",
    message: "a projection begins at 0: then nothing passes the unit at all",
    gives: where(
      ({ place }) => place === "shortcut",
      () => 0,
    ),
  },
  {
    mistake: "scales-the-stem",
    message: "the stem is multiplied by a factor: it stands before all units, in no branch",
    gives: where(
      ({ place }) => place === "stem",
      (_, { he, units, layers }) =>
        he *
        (units > 0
          ? power(units, branchOf(layers, layers.find(({ place }) => place === "branch")!.unit).length)
          : 1),
    ),
  },
  {
    mistake: "forgets-the-two",
    message: "the deviation is that of 1/n: He's is that of 2/n, because a ReLU takes half away",
    gives: (drawn) => right(drawn).map((value) => value / Math.SQRT2),
  },
  {
    mistake: "gives-variances",
    message: "these are variances: their roots, the deviations, are asked for",
    gives: (drawn) => right(drawn).map((value) => value ** 2),
  },
  {
    mistake: "gives-factors",
    message: "these are the factors alone: He's deviation is to be multiplied by them",
    gives: by((layer, about) => fixup(layer, { ...about, he: 1 })),
  },
];

const judge = check.judgeBy<Case>(right, mistakes, {
  what: "the list of deviations",
  // A quotient, a root, a power and a product; none is larger than the largest deviation of He's.
  within: ({ layers }) => check.float32(16, Math.max(...layers.map(({ inputs }) => Math.sqrt(2 / inputs)))),
});

/** A unit with these inputs of its branch's layers, with a projection before its branch, behind it, or none. */
const unitOf = (
  unit: number,
  branch: readonly number[],
  projection?: { readonly inputs: number; readonly listed: "before" | "behind" },
): Layer[] => {
  const layers = branch.map((inputs): Layer => ({ place: "branch", inputs, unit }));
  if (!projection) return layers;
  const shortcut: Layer = { place: "shortcut", inputs: projection.inputs, unit };
  return projection.listed === "before" ? [shortcut, ...layers] : [...layers, shortcut];
};

const network = (stem: number, units: readonly Layer[][], head: number): Case => ({
  layers: [{ place: "stem", inputs: stem }, ...units.flat(), { place: "head", inputs: head }],
});

/** The question. */
export const questions: readonly check.Question[] = [
  {
    id: "fixup-start",
    title: "Fixup: a start that needs no norm",
    needs: ["fixupDeviations"],
    properties: [
      {
        id: "by-hand",
        title: "it is right for a few units, with and without projections, and for none",
        points: 2,
        cases(seed: number) {
          const draw = check.stream(seed, "fixup-start by hand");
          const inputs = () => 2 * (1 + draw.integer(9)) ** 2;
          const worked: readonly Case[] = [
            network(
              27,
              [
                unitOf(0, [8, 18, 8], { inputs: 32, listed: "behind" }),
                unitOf(1, [72, 72]),
                unitOf(2, [50, 18, 32, 8], { inputs: 18, listed: "before" }),
                unitOf(3, [8, 32]),
              ],
              64,
            ),
            // Four units of two layers: He's deviation of 8 inputs is 1/2, and the factor is 1/2 too.
            network(
              8,
              [0, 1, 2, 3].map((unit) => unitOf(unit, [8, 8])),
              8,
            ),
            network(18, [unitOf(0, [2])], 32),
            network(18, [unitOf(0, [8, 32, 2], { inputs: 2, listed: "before" })], 32),
            network(50, [], 18),
          ];
          return check.withDrawn(judge, worked, () => [
            network(
              inputs(),
              [unitOf(0, [inputs(), inputs()]), unitOf(1, [inputs(), inputs(), inputs()])],
              inputs(),
            ),
          ]);
        },
        ...judge,
      },
      {
        id: "any",
        title: "it is right for networks of any depth, with branches of any length",
        points: 3,
        cases(seed) {
          const draw = check.stream(seed, "fixup-start");
          const inputs = () => 3 * (3 + draw.integer(90));
          const unit = (number: number, m: number, listed?: "before" | "behind") =>
            unitOf(number, Array.from({ length: m }, inputs), listed && { inputs: inputs(), listed });
          const drawn = (lengths: readonly number[], listed: Readonly<Record<number, "before" | "behind">>) =>
            network(
              inputs(),
              lengths.map((m, l) => unit(l, m, listed[l])),
              inputs(),
            );
          return [
            drawn([3, 2, 4, 2, 3], { 0: "behind", 2: "before" }),
            drawn([2, 2, 2, 2, 2, 2, 2, 2, 2], { 3: "before", 6: "before" }),
            drawn([3, 3, 3, 3, 3, 3], { 0: "before", 2: "before", 4: "behind" }),
            drawn([2, 1, 5], {}),
            drawn(Array<number>(30).fill(2), { 10: "behind", 20: "behind" }),
          ];
        },
        ...judge,
      },
    ],
  },
];
