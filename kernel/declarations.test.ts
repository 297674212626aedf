// What later cells know of earlier ones: names declared again, and a session that does not slow its cells down.
import { describe, expect, it } from "vitest";
import { Declarations } from "./declarations";

const added = (...cells: Readonly<Record<string, string>>[]): Declarations => {
  const declarations = new Declarations();
  for (const cell of cells)
    declarations.add(Object.entries(cell).map(([name, text]) => ({ name, text: `declare ${text};` })));
  return declarations;
};

const textsOf = (...cells: Parameters<typeof added>): string[] => added(...cells).texts();

describe("Declarations.add()", () => {
  it("forgets the older declaration of a name that nothing refers to", () => {
    const texts = textsOf({ a: "let a: 1", b: "let b: 2" }, { a: "let a: 3" });
    expect(texts).toEqual(["export {};\ndeclare let b: 2;\ndeclare let a: 3;"]);
  });

  it("hides an older declaration that others refer to, also when it lies further out", () => {
    const texts = textsOf(
      { A: "class A { one: 1 }", old: "let old: A" },
      { A: "class A { two: 2 }" },
      { newer: "let newer: A" },
      { A: "class A { three: 3 }" },
    );
    expect(texts.map((text) => text.match(/one|old|two|newer|three/g))).toEqual([
      ["one", "old"],
      ["two", "newer"],
      ["three"],
    ]);
  });

  it("keeps what only widens the global scope", () => {
    const declarations = new Declarations();
    declarations.add([{ name: undefined, text: "declare global { var a: B; }" }]);
    for (let i = 0; i < 100; i++)
      declarations.add([{ name: "B", text: `declare class B { round${String(i)}: 1 }` }]);
    expect(declarations.texts().join("\n")).toContain("declare global");
  });

  it("leaves the older layers as they are when a session grows: only the newest is read anew", () => {
    const declarations = added(
      ...Array.from({ length: 1000 }, (_, i) => ({ [`n${String(i)}`]: `const n${String(i)}: number` })),
    );
    const before = declarations.texts();
    declarations.add([{ name: "last", text: "declare const last: number;" }]);
    const changed = declarations.texts().filter((text, i) => text !== before[i]);
    expect(changed).toHaveLength(1);
    expect(changed[0]!.length).toBeLessThan(before.join("").length / 10);
  });

  it("does not grow when the same cells run again and again", () => {
    const declarations = new Declarations();
    for (let i = 0; i < 200; i++) {
      declarations.add([{ name: "A", text: `declare class A { round${String(i)}: 1 }` }]);
      declarations.add([{ name: "a", text: "declare let a: A;" }]);
    }
    expect(declarations.texts().length).toBeLessThan(4);
    expect(declarations.texts().join("").length).toBeLessThan(200);
  });
});
