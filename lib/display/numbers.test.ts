// How numbers are written.
import { expect, it } from "vitest";
import { columnFormat, formatNumber } from "./numbers.js";

it.each([
  [0, "0"],
  [2015, "2015"],
  [272474, "272,474"],
  [-1234567, "-1,234,567"],
  [0.46312, "0.4631"],
  [1.1, "1.100"],
  [-12.3456, "-12.35"],
  [12345.6, "12,346"],
  [1.23e-7, "1.23e-7"],
  [2.5e12 + 0.5, "2.50e+12"],
  [Number.NaN, "NaN"],
])("formatNumber() writes %d as %s", (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

it("columnFormat() gives a column the decimals of its largest number", () => {
  expect([12.3456, 6.43].map(columnFormat([12.3456, 6.43]))).toEqual(["12.35", "6.43"]);
});

it("columnFormat() writes no zeros at the end that every number of the column has", () => {
  const written = (...values: readonly number[]) => values.map(columnFormat(values));
  expect(written(8.2, 3.5)).toEqual(["8.2", "3.5"]);
  expect(written(11.3, 1.8, 0)).toEqual(["11.3", "1.8", "0.0"]);
  expect(written(2.4)).toEqual(["2.4"]);
  expect(written(2.00001, 4)).toEqual(["2", "4"]);
  expect(written(0.5, 0.25)).toEqual(["0.50", "0.25"]);
  expect(written(100, 20)).toEqual(["100", "20"]);
});

it("columnFormat() separates thousands in all numbers of a column or in none", () => {
  const written = (...values: readonly number[]) => values.map(columnFormat(values));
  expect(written(2000, 10_000)).toEqual(["2,000", "10,000"]);
  expect(written(15_470.26, -3644.49)).toEqual(["15,470", "-3,644"]);
  expect(written(2015, 1998)).toEqual(["2015", "1998"]);
});

it("columnFormat() keeps small numbers visible beside large ones", () => {
  const values = [1234.5, 0.00125];
  expect(values.map(columnFormat(values))).toEqual(["1235", "0.001250"]);
});
