// In which order missing runs are trained: whatever ends it early leaves whole seeds.
import { describe, expect, it } from "vitest";
import { rounds } from "./train-recorded";

describe("rounds()", () => {
  // Three networks with four seeds: place 4 n + s is network n with seed s.
  const seedOf = (place: number) => (place % 4) + 1;
  const all = Array.from({ length: 12 }, (_, place) => place);

  it("takes the first seeds of all networks first, as many seeds as keep the cores busy", () => {
    expect(rounds(all, seedOf, 3)).toEqual([[0, 4, 8], [1, 5, 9], [2, 6, 10], [3, 7, 11]]); // prettier-ignore
    expect(rounds(all, seedOf, 4)).toEqual([[0, 4, 8, 1, 5, 9], [2, 6, 10, 3, 7, 11]]); // prettier-ignore
  });

  it("takes each place once, also where some are through", () => {
    expect(rounds([1, 4, 11], seedOf, 2)).toEqual([[4, 1], [11]]);
    expect(rounds([], seedOf, 2)).toEqual([]);
  });
});
