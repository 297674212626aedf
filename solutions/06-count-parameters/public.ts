// What the notebook checks of the count: the smallest network, whose layers can be listed, and Table 6 as far as it is precise.
import { check } from "residual";
import { cases } from "./cases";

/** Table 6, in millions, as it is printed. */
const table6: Readonly<Record<number, number>> = {
  20: 0.27,
  32: 0.46,
  44: 0.66,
  56: 0.85,
  110: 1.7,
  1202: 19.4,
};

/** Worked by hand. */
export const byHand: readonly check.CaseProperty[] = [
  {
    id: "table-6",
    title: "rounded, it gives Table 6",
    points: 2,
    cases: () => [20, 32, 44, 56, 110, 1202].map((depth) => ({ depth, classes: 10 })),
    judge(input, output) {
      const { depth } = input as { depth: number };
      const printed = table6[depth]!;
      if ("error" in output || typeof output.value !== "number") return check.compare(output, 0);
      const places = depth > 100 ? 1 : 2;
      const rounded = Number((output.value / 1e6).toFixed(places));
      return check.compare({ value: rounded }, printed, {
        what: `the count of ResNet-${depth}, in millions`,
        slips: [
          {
            mistake: "off-by-one-unit",
            message:
              "one unit in each stage too many or too few: depth = 6n + 2 counts the first convolution and the classifier",
            gives: () => {
              const off = Math.round(((output.value as number) / 1e6 - printed) / 0.0972);
              return off === 1 || off === -1 ? rounded : printed;
            },
          },
        ],
      });
    },
  },
];

/** What the notebook checks: all that is graded, with public numbers. */
export const properties: readonly check.Property[] = [...byHand, ...check.published(cases)];
