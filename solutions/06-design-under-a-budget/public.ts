// What the notebook checks of a design: that it is of the family, keeps both budgets and uses one of them.
import { analysis, check, nn } from "residual";

/** What a design may cost. */
export type Budget = { readonly parameters: number; readonly multiplyAdds: number };

interface Design {
  readonly depth: number;
  readonly width: number;
}

/** What a design costs. */
function costOf({ depth, width }: Design): Budget {
  const { parameters, multiplyAdds } = analysis.costOf(
    nn.cifarArchitecture({ depth, widths: [width, 2 * width, 4 * width] }),
  );
  return { parameters, multiplyAdds };
}

/** What is wrong with a design's form. */
function malformed({ depth, width }: Design): check.Finding | undefined {
  if (typeof depth !== "number" || typeof width !== "number") {
    return { mistake: "wrong-kind", message: "a design needs depth and width, two numbers" };
  }
  if (!Number.isInteger(depth) || (depth - 2) % 6 !== 0) {
    return { mistake: "not-of-the-family", message: `a depth must be 6n + 2; got ${depth}` };
  }
  if (depth < 20) return { mistake: "too-shallow", message: `20 layers are the least; got ${depth}` };
  if (!Number.isInteger(width) || width < 8) {
    return { mistake: "too-narrow", message: `a width must be a whole number from 8; got ${width}` };
  }
  // Far over any budget that is drawn, and not worth counting.
  if (depth > 1202 || width > 256) {
    return { mistake: "over-the-parameter-budget", message: "a network of this size is over both budgets" };
  }
  return undefined;
}

/** Judges a design. */
function judge(input: check.Plain, output: check.Output): check.Finding | undefined {
  const budget = input as Budget;
  if ("error" in output) return check.compare(output, null);
  const design = output.value as unknown as Design | null;
  if (typeof design !== "object" || design === null) {
    return { mistake: "wrong-kind", message: "a design needs depth and width, two numbers" };
  }
  const finding = malformed(design);
  if (finding) return finding;
  const { depth, width } = design;
  const cost = costOf(design);
  const [parameters, multiplyAdds] = [
    cost.parameters / budget.parameters,
    cost.multiplyAdds / budget.multiplyAdds,
  ];
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const detail = `depth ${depth}, width ${width}: ${cost.parameters} parameters, ${percent(parameters)} of the budget, and ${cost.multiplyAdds} multiply-adds, ${percent(multiplyAdds)}`;
  if (parameters > 1) {
    return {
      mistake: "over-the-parameter-budget",
      message: "the network has more parameters than allowed",
      detail,
    };
  }
  if (multiplyAdds > 1) {
    return {
      mistake: "over-the-multiply-add-budget",
      message: "the network needs more multiply-adds than allowed",
      detail,
    };
  }
  if (Math.max(parameters, multiplyAdds) < 0.8) {
    return {
      mistake: "wastes-the-budget",
      message: "less than 80 % of either budget is used: a larger network would fit",
      detail,
    };
  }
  return undefined;
}

/** Budgets that few networks of the family use to 80 %, found by trying all that a network just fits. */
const tight: readonly Budget[] = [
  { parameters: 105_500, multiplyAdds: 100_000_000 },
  { parameters: 105_939, multiplyAdds: 47_832_240 },
  { parameters: 108_573, multiplyAdds: 23_754_558 },
  { parameters: 116_820, multiplyAdds: 52_255_800 },
  { parameters: 116_881, multiplyAdds: 17_326_400 },
  { parameters: 605_026, multiplyAdds: 90_907_583 },
  { parameters: 813_856, multiplyAdds: 394_448_800 },
  { parameters: 2_000_000, multiplyAdds: 16_220_536 },
];

/** The properties. */
export const properties: readonly check.CaseProperty[] = [
  {
    id: "two-budgets",
    title: "it keeps to both budgets and uses one of them, for a few devices",
    points: 2,
    cases(seed) {
      const draw = check.stream(seed, "two-budgets");
      // One budget that binds after the other, for networks too large and too small to be among the designs for the first two devices.
      return [
        { parameters: 300_000, multiplyAdds: 30_000_000 },
        { parameters: 200_000, multiplyAdds: 100_000_000 },
        { parameters: 10_000 * (60 + draw.integer(60)), multiplyAdds: 60_000_000 },
        { parameters: 1000 * (110 + draw.integer(30)), multiplyAdds: 70_000_000 },
      ];
    },
    judge,
  },
  {
    id: "other-devices",
    title: "it does so for other devices, small and large",
    points: 4,
    cases(seed) {
      const draw = check.stream(seed, "design");
      // A multiply-add budget that binds, and one that does not: a network has about 150 multiply-adds for a parameter.
      const device = (parameters: number, ratio: number) => ({
        parameters,
        multiplyAdds: ratio * parameters,
      });
      return [
        device(10_000 * (25 + draw.integer(35)), 90),
        device(10_000 * (25 + draw.integer(35)), 300),
        device(100_000 + 1000 * draw.integer(40), 300),
        device(200_000 + 1000 * draw.integer(40), 80),
        device(10_000 * (150 + draw.integer(50)), 300),
        device(10_000 * (150 + draw.integer(50)), 100),
        // Where few networks use enough: one that is counted a little wrong, or left out, was the one to take.
        ...tight,
        // What a network costs, to the last parameter and multiply-add.
        costOf({ depth: 20, width: 11 }),
        // Just short of a wide network, and of a deep one, by either budget: who counts too little takes it.
        ...[
          { depth: 20, width: 13 + draw.integer(6) },
          { depth: 50 + 6 * draw.integer(4), width: 8 },
        ].flatMap((tempting): Budget[] => {
          const { parameters, multiplyAdds } = costOf(tempting);
          return [
            { parameters: parameters - 1, multiplyAdds: 2 * multiplyAdds },
            { parameters: 2 * parameters, multiplyAdds: multiplyAdds - 1 },
          ];
        }),
      ];
    },
    judge,
  },
];
