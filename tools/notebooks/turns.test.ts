// The chapters' "your turn" cells: ours passes its check, each slip is told by its name, and the solution below a cell is what runs.
import { readFileSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { check } from "residual";
import { describe, expect, test } from "vitest";
import { turns as turns00 } from "../../notebooks/turns/00";
import { turns as turns01 } from "../../notebooks/turns/01";
import { turns as turns02 } from "../../notebooks/turns/02";
import { turns as turns03 } from "../../notebooks/turns/03";
import { turns as turns04 } from "../../notebooks/turns/04";
import { turns as turns05 } from "../../notebooks/turns/05";
import { turns as turns06 } from "../../notebooks/turns/06";
import { turns as turns07 } from "../../notebooks/turns/07";
import { turns as turns08 } from "../../notebooks/turns/08";
import { turns as turns09 } from "../../notebooks/turns/09";
import { turns as turns10 } from "../../notebooks/turns/10";
import { turns as turns11 } from "../../notebooks/turns/11";
import { turns as turns12 } from "../../notebooks/turns/12";
import { listSources } from "./source";
import { functionText, headOf, solved, turnsOf } from "./turns";

const folder = join(resolve(__dirname, "..", ".."), "notebooks");

/** The chapters whose reader builds: this list grows until it holds all. */
const built: readonly (readonly [number: string, turns: object])[] = [
  ["00", turns00],
  ["01", turns01],
  ["02", turns02],
  ["03", turns03],
  ["04", turns04],
  ["05", turns05],
  ["06", turns06],
  ["07", turns07],
  ["08", turns08],
  ["09", turns09],
  ["10", turns10],
  ["11", turns11],
  ["12", turns12],
];

test("every chapter with turns is among those that are tested", () => {
  const files = readdirSync(join(folder, "turns")).filter((name) => name.endsWith(".ts"));
  expect(files.sort()).toEqual(built.map(([number]) => `${number}.ts`));
});

describe.each(built)("chapter %s", (number, of) => {
  const turns = of as Readonly<Record<string, check.Turn<unknown>>>;
  const { source } = listSources(folder).find(({ name }) => name.startsWith(number))!;
  const chapter = readFileSync(source, "utf8");
  const module = readFileSync(join(folder, "turns", `${number}.ts`), "utf8");

  test("turnsOf() finds at least three, and each is judged by its own", () => {
    const names = turnsOf(chapter).map(({ name }) => name);
    expect(names.length).toBeGreaterThanOrEqual(3);
    expect([...names].sort()).toEqual(Object.keys(turns).sort());
  });

  test.each(turnsOf(chapter))(
    "$name: the solution that is shown is the one that runs",
    ({ name, stub, solution }) => {
      expect(solution).toBe(functionText(module, name));
      expect(headOf(stub)).toBe(headOf(solution));
      expect(solved(chapter)).toContain(`\n${solution}\n\n`);
    },
  );

  test.each(Object.entries(turns))("judgeTurn() %s: ours passes", async (_, turn) => {
    const { message, passed } = await check.judgeTurn(turn.ours, turn);
    expect(passed, message).toBe(true);
  });

  test.each(Object.entries(turns))("judgeTurn() %s: slips are told by their names", async (_, turn) => {
    expect(turn.wrong.length).toBeGreaterThanOrEqual(2);
    const told: Record<string, string | undefined> = {};
    for (const { mistake, answer } of turn.wrong) {
      const { results } = await check.judgeTurn(answer, turn);
      told[mistake] = results.find(({ finding }) => finding)?.finding?.mistake;
    }
    expect(told).toEqual(Object.fromEntries(turn.wrong.map(({ mistake }) => [mistake, mistake])));
  });
});
