// Terms used before they are introduced: found in prose, and not where a reader is told where to look.
import { resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { earlyUses } from "./defined-first";
import type { Chapter } from "./glossary";
import { chapters } from "./pages";

/** A first chapter with the text below its first heading, and a second that introduces two terms. */
const course = (text: string): Chapter[] => [
  { name: "01-a", markdown: `# 01 A\n\nOpening.\n\n## First\n\n${text}\n` },
  {
    name: "02-b",
    markdown:
      "# 02 B\n\nGates and tapes.\n\n## Gates\n\nGates open: a **gate** is a factor.\n\nA **tape** is a list.\n",
  },
];
const early = (text: string): string[] => earlyUses(course(text), ["gate", "tape"]);

describe("earlyUses()", () => {
  test.each([
    ["a sentence", "Here gates open."],
    ["a list", "- one\n- the gate is open"],
    ["a table", "| what | where |\n|---|---|\n| gate | here |"],
    ["a heading", "## The gate\n\nText."],
    ["the sentence after one that names the chapter", "See chapter 02. The gate is open."],
    ["a link to another chapter", "The [gate](03-c.ipynb) is open."],
    ["emphasis", "The *gate* is open."],
  ])("earlyUses() finds a term in %s", (_, text) => {
    expect(early(text)).toEqual([
      expect.stringMatching(
        /^notebooks\/01-a\.ts:\d+: "gate" is introduced in 02-b\.ts:7 only; define it here/,
      ),
    ]);
  });

  test.each([
    "The gates of chapter 02 are open.",
    "A gate (chapter 02) opens. The gate closes.",
    "It is open (chapters 01 and 02: gates).",
    "The [gate](02-b.ipynb#Gates) is open.",
    "The [gate](../docs/glossary.md) is open.",
    "Read *The Gate and the Tape* first.",
    "| 03 | [The gate](03-c.ipynb) |",
    "The variable `gate`, and $gate$.",
    "A gateway, a floodgate and a gate-keeper.",
  ])("earlyUses() passes over %j", (text) => {
    expect(early(text)).toEqual([]);
  });

  test("earlyUses() lets a chapter's opening, a heading and a paragraph name what they introduce, and nothing else", () => {
    expect(early("Text.")).toEqual([]);
    const tapeFirst = course("Text.").map(({ name, markdown }) => ({
      name,
      markdown: markdown.replace("Gates open:", "Gates open, and a tape runs:"),
    }));
    expect(earlyUses(tapeFirst, ["gate", "tape"])).toEqual([
      expect.stringMatching(/^notebooks\/02-b\.ts:7: "tape" is introduced in 02-b\.ts:9 only/),
    ]);
  });

  test("earlyUses() takes a reference for one chapter only", () => {
    const again = { name: "01-x", markdown: "# 01 X\n\n## Y\n\nThe gate is open.\n" };
    const [first, second] = course("A gate (chapter 02) opens.");
    expect(earlyUses([first!, again, second!], ["gate", "tape"])).toEqual([
      expect.stringMatching(/^notebooks\/01-x\.ts:5: "gate"/),
    ]);
  });

  test("earlyUses() takes the longest term and says each once", () => {
    const all = course("A gate tape, a gate tape. Another gate. One more gate.");
    const named = (text: string): Chapter => ({ name: "03-c", markdown: `# 03 C\n\n## X\n\n${text}\n` });
    const found = earlyUses([...all, named("A **gate tape**.")], ["gate", "tape", "gate tape"]);
    expect(found.map((line) => /"(.*?)"/.exec(line)![1])).toEqual(["gate tape", "gate"]);
  });
});

test("no chapter uses a term of the glossary before the course has introduced it", () => {
  expect(earlyUses(chapters(resolve(__dirname, "..", "..")))).toEqual([]);
});
