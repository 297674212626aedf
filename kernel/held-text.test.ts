// Text on its way to clients: joined where it may be, never late, never out of order.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { HeldText } from "./held-text";
import { compose, type Message } from "./wire";

const author = { session: "s", username: "kernel" };
const cells = ["a", "b"].map((type) => compose(author, type, {}, undefined, []));
const piece = (text: string, name = "stdout", cell = 0): Message =>
  compose(author, "stream", { name, text }, cells[cell], []);

let sent: unknown[];
let held: HeldText;

beforeEach(() => {
  vi.useFakeTimers();
  sent = [];
  held = new HeldText(({ content }) => sent.push(content["text"]));
});

afterEach(() => {
  vi.useRealTimers();
});

it("HeldText.take() joins one stream's pieces, and sends them without another word", () => {
  for (const text of ["a", "b", "c"]) held.take(piece(text));
  expect(sent).toEqual([]);
  vi.advanceTimersByTime(50);
  expect(sent).toEqual(["abc"]);
});

it("HeldText.take() never joins different streams or cells, and keeps their order", () => {
  held.take(piece("1"));
  held.take(piece("2", "stderr"));
  held.take(piece("3", "stderr", 1));
  held.release();
  expect(sent).toEqual(["1", "2", "3"]);
});

it("HeldText.take() sends a large text at once", () => {
  held.take(piece("x".repeat(40_000)));
  expect(sent).toHaveLength(1);
  vi.advanceTimersByTime(50);
  expect(sent).toHaveLength(1);
});
