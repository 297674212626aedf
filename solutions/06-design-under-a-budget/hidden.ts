// The hidden cases of a design: other devices.
import { check } from "residual";
import { judge, properties } from "./public";

/** The question. */
export const questions: readonly check.Question[] = [
  {
    id: "design-under-a-budget",
    title: "Design a network under two budgets",
    needs: ["design"],
    properties: [
      ...properties,
      {
        id: "other-devices",
        title: "it does so for other devices",
        points: 4,
        cases(seed) {
          const draw = check.stream(seed, "design");
          // One multiply-add budget that binds, and one that does not: a network has about 150 multiply-adds for a parameter.
          return [90, 300].map((ratio) => {
            const parameters = 10_000 * (25 + draw.integer(35));
            return { parameters, multiplyAdds: ratio * parameters };
          });
        },
        judge,
      },
    ],
  },
];
