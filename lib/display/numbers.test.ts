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

it("columnFormat() keeps small numbers visible beside large ones", () => {
  const values = [1234.5, 0.00125];
  expect(values.map(columnFormat(values))).toEqual(["1235", "0.001250"]);
});
