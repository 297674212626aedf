// "Your turn": which part a chapter goes on with, and what its reader is told.
import * as tf from "@tensorflow/tfjs-core";
import { afterEach, expect, test, vi } from "vitest";
import { judgeTurn, trait, unwritten, yourTurn, type Turn } from "./turn.js";

type Scale = (x: number) => number;

const turn: Turn<Scale> = {
  ours: (x) => 2 * x,
  traits: [
    trait("it doubles", {
      draw: (from) => from.normal(),
      see: (double: Scale, x) => double(x),
      right: (x) => x + x,
    }),
    trait("it doubles large numbers", {
      draw: () => 1e6,
      see: (double: Scale, x) => tf.tensor1d([double(x)]),
      right: (x) => Promise.resolve([x + x]),
    }),
  ],
  wrong: [
    { mistake: "squares", message: "this is the square: add x to itself", answer: (x) => x ** 2 },
    {
      mistake: "throws-itself",
      message: "never told",
      answer: () => {
        throw new Error("this slip gives nothing");
      },
    },
  ],
};

afterEach(() => {
  vi.restoreAllMocks();
});

test("yourTurn() gives the reader's part where it has every trait, and shows that it holds", async () => {
  const said = vi.spyOn(console, "log").mockReturnValue();
  const mine: Scale = (x) => x + x;
  expect(await yourTurn(mine, turn)).toBe(mine);
  expect(said.mock.calls.flat().join("\n")).toBe(
    "right   it doubles\nright   it doubles large numbers\nIt holds. From here on the chapter works with yours.",
  );
});

test("yourTurn() goes on with ours where the part is not written, which is no mistake", async () => {
  const said = vi.spyOn(console, "log").mockReturnValue();
  expect(await yourTurn<Scale>((x) => unwritten(x), turn)).toBe(turn.ours);
  expect(said.mock.calls.flat().join("\n")).toMatch(
    /^not yet it doubles\nnot yet it doubles large numbers\nNot written yet, so the chapter goes on with ours\./,
  );
});

test("yourTurn() goes on with ours where one trait of two is missing", async () => {
  const said = vi.spyOn(console, "log").mockReturnValue();
  expect(await yourTurn<Scale>((x) => (x > 1000 ? 0 : 2 * x), turn)).toBe(turn.ours);
  expect(said.mock.calls.flat().join("\n")).toMatch(
    /^right {3}it doubles\nwrong {3}it doubles large[^]*\nNot yet, so the chapter goes on with ours\./,
  );
});

test("judgeTurn() names the slip that gives the same, and what throws by its error", async () => {
  const { results } = await judgeTurn<Scale>((x) => x * x, turn);
  expect(results[0]!.finding).toMatchObject({ mistake: "squares" });
  const thrown = await judgeTurn<Scale>(() => {
    throw new TypeError("no such thing");
  }, turn);
  expect(thrown.results[0]!.finding).toMatchObject({ mistake: "throws" });
});

test("judgeTurn() leaves no tensor behind", async () => {
  const before = tf.memory().numTensors;
  await judgeTurn(turn.ours, turn);
  await judgeTurn<Scale>((x) => x * x, turn);
  expect(tf.memory().numTensors).toBe(before);
});

test("trait() names an option that it does not know, and a number of inputs that is none", () => {
  const options = {
    draw: () => 1,
    see: (double: Scale, x: number) => double(x),
    right: (x: number) => 2 * x,
  };
  expect(() => trait("t", { ...options, time: 3 } as typeof options)).toThrow(/time/);
  expect(() => trait("t", { ...options, times: 0 })).toThrow("trait: times must be");
});
