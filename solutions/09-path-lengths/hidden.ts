// The hidden cases of the path lengths: deeper networks, and none at all.
import { check } from "residual";
import { judge, properties } from "./public";

/** The question. */
export const questions: readonly check.Question[] = [
  {
    id: "path-lengths",
    title: "How long are the paths?",
    needs: ["pathLengths"],
    properties: [
      ...properties,
      {
        id: "deep",
        title: "it is right for deep networks",
        points: 2,
        cases(seed) {
          const draw = check.stream(seed, "path-lengths");
          return [5 + draw.integer(20), 25 + draw.integer(25)];
        },
        judge,
      },
      {
        id: "no-units",
        title: "a network without units has one path, of length 0",
        points: 1,
        cases: () => [0],
        judge,
      },
    ],
  },
];
