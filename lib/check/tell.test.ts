// Which cases tell mistakes apart, and what a mistake is called where they do not.
import { expect, test } from "vitest";
import { compare } from "./compare.js";
import { judgeBy, worked } from "./judge.js";
import { alsoDrawn, calledOn, tells, withDrawn } from "./tell.js";

type Pair = { readonly a: number; readonly b: number };

const adds = { mistake: "adds", message: "it is a + b", gives: ({ a, b }: Pair) => a + b };
const doubles = { mistake: "doubles", message: "it is 2a", gives: ({ a }: Pair) => 2 * a };
const reverses = { mistake: "reverses", message: "it is b - a", gives: ({ a, b }: Pair) => b - a };
const judged = judgeBy<Pair>(({ a, b }) => a - b, [adds, doubles, reverses], { within: 0.01 });

test("tells() refuses a case on which two mistakes give the same, though not the right answer", () => {
  expect(tells(judged, [{ a: 5, b: 2 }])).toBe(true);
  expect(tells(judged, [{ a: 3, b: 3 }])).toBe(false);
  // a + b and 2a both are what is right.
  expect(tells(judged, [{ a: 0, b: 0 }])).toBe(true);
});

test("tells() asks for the mistakes that must show", () => {
  const blind = { a: 7, b: 0 };
  expect(tells(judged, [blind], [doubles, reverses])).toBe(true);
  expect(tells(judged, [blind], [adds])).toBe(false);
  expect(tells(judged, [blind, { a: 5, b: 2 }], [adds])).toBe(true);
});

test("calledOn() names a mistake by the first case on which it shows, as examining an answer does", () => {
  const namesOn = (...cases: Pair[]) =>
    Object.fromEntries(calledOn(judged, cases).map(({ mistake, name }) => [mistake, name]));
  const [clear, alike] = [
    { a: 5, b: 2 },
    { a: 3, b: 3 },
  ];
  expect(namesOn(clear, alike)).toEqual({ adds: "adds", doubles: "doubles", reverses: "reverses" });
  expect(namesOn(alike, clear)).toEqual({ adds: "adds", doubles: "adds", reverses: "reverses" });
});

test("calledOn() takes mistakes for the same where an answer that rounds may come within the bound of the other", () => {
  const near = { a: 3, b: 3 - 0.015 };
  const [first, second] = [adds.gives(near), doubles.gives(near)];
  const rounded = second - 0.008;
  const slips = [{ ...adds, gives: () => first }];
  expect(compare({ value: rounded }, 0.015, { within: 0.01, slips })).toMatchObject({ mistake: "adds" });
  expect(tells(judged, [near])).toBe(false);
});

test("withDrawn() puts drawn cases behind the worked ones, on which no other mistake shows", () => {
  // On the worked pair a + b is right: so it must be on the drawn one, whose b is 0 then.
  const worked = { a: 7, b: 0 };
  let draws = 0;
  const cases = withDrawn(judged, [worked], () => [{ a: 20, b: 5 - draws++ }]);
  expect(cases).toEqual([worked, { a: 20, b: 0 }]);
  expect(() => withDrawn(judged, [worked], () => [{ a: 20, b: 5 }])).toThrow("1000 draws gave not once");
});

test("alsoDrawn() asks each learner's own cases behind the worked ones, and judges both by the graded judge", async () => {
  const byHand = [
    { id: "small", title: "small pairs", points: 1, ...worked([{ input: { a: 1, b: 2 }, right: -1 }]) },
  ];
  const [small] = alsoDrawn<Pair>(byHand, judged, (from, own) =>
    own.map(({ a }) => ({ a: a + 8, b: 10 + from.integer(1000) })),
  );
  const [one, other] = [small!.cases(1), small!.cases(2)];
  expect(one).toHaveLength(2);
  expect([one[0], other[0]]).toEqual([
    { a: 1, b: 2 },
    { a: 1, b: 2 },
  ]);
  expect(other[1]).not.toEqual(one[1]);
  const { a, b } = one[1] as unknown as Pair;
  expect(await small!.judge(one[1]!, { value: a - b })).toBeUndefined();
  expect(await small!.judge(one[1]!, { value: a + b })).toMatchObject({ mistake: "adds" });
});
