// Names that anyone may have chosen.
import fc from "fast-check";
import { expect, test } from "vitest";
import { folded, printable, safeNames } from "./names";

/** Names as a disk may hold them, many of them odd or alike. */
const names = fc.uniqueArray(
  fc
    .array(
      fc.oneof(
        fc.constantFrom(
          "a",
          "A",
          "é",
          "e\u0301",
          "ﬁ",
          "\u001b[31m",
          "\n",
          "\u202e",
          "..",
          "~",
          "\\",
          " ",
          "=",
        ),
        fc.string({ unit: "binary", maxLength: 3 }),
        fc.constant("x".repeat(90)),
      ),
      { minLength: 1, maxLength: 4 },
    )
    .map((parts) => parts.join("").replaceAll("/", "").replaceAll("\0", "") || "a"),
  { maxLength: 12 },
);

test("safeNames() gives names that fit a disk and a terminal, and no two that a disk may mix up", () => {
  fc.assert(
    fc.property(names, (raw) => {
      const safe = safeNames(raw);
      expect(safe).toHaveLength(raw.length);
      expect(new Set(safe.map(folded)).size).toBe(raw.length);
      for (const name of safe) {
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(120);
        expect(name).not.toMatch(/[\p{C}\p{Zl}\p{Zp}/\\]/u);
        expect(name).not.toMatch(/^\.|[. ]$/);
      }
    }),
  );
});

test("safeNames() leaves plain names as they are, and tells apart what only looks alike", () => {
  const plain = ["ada", "Zoë O'Brien_4711_assignsubmission_file_", "s1234567", "李雷"];
  expect(safeNames(plain)).toEqual(plain);
  const [upper, lower] = safeNames(["Ada", "ada"]);
  expect([upper, lower].map((name) => name!.replace(/~.*/, ""))).toEqual(["Ada", "ada"]);
  expect(safeNames(["x".repeat(251)])[0]).toMatch(/^x{108}~[0-9a-f]{10}$/);
});

test("printable() shows what would move a terminal's cursor", () => {
  expect(printable("eve\u001b[2J\u202e")).toBe("eve\\u{1b}[2J\\u{202e}");
  expect(printable("x".repeat(1000))).toHaveLength(160);
});
