// The residual unit derived: basic and bottleneck, in the five orders of the identity paper's Figure 4, with each shortcut.
import { operationsOf, unitOrders, type NamedOperation, type UnitOrderName } from "../../nn/order.js";
import { oneOf } from "../../options.js";
import type { Shape } from "../../autodiff/nd-array.js";
import type { Value } from "../../autodiff/value.js";
import { dE, definition, inputsOf, line } from "../build.js";
import { derivation, gradientOf, type Derivation, type Line } from "../derivation.js";
import * as formulas from "../formulas.js";
import { kernels, tex, convolution, norm, rectifier, shortcutSteps, type Step } from "./unit-steps.js";
import * as operations from "../../autodiff/operations.js";

/** The unit to derive. */
export interface UnitDerivationOptions {
  /** Two 3x3 convolutions, or 1x1, 3x3, 1x1. Default: `basic`. */
  readonly kind?: "basic" | "bottleneck";
  /** Default: `original`. */
  readonly order?: UnitOrderName;
  /** `zeroPadding` and `projection` halve the image and add a channel. Default: `identity`. */
  readonly shortcut?: "identity" | "zeroPadding" | "projection";
}

/** y = f(h(x) + F(x)): each operation of F, h and f forwards, then the gradient back through all of them. */
export function residualUnit(options: UnitDerivationOptions = {}): Derivation {
  const kind = oneOf("kind", options.kind ?? "basic", ["basic", "bottleneck"]);
  const order = oneOf("order", options.order ?? "original", Object.keys(unitOrders) as UnitOrderName[]);
  const shortcut = oneOf("shortcut", options.shortcut ?? "identity", [
    "identity",
    "zeroPadding",
    "projection",
  ]);
  const grows = shortcut !== "identity";
  const [input, out, side, stride] = [
    kind === "basic" ? 2 : 3,
    (kind === "basic" ? 2 : 3) + (grows ? 1 : 0),
    grows ? 4 : 3,
    grows ? 2 : 1,
  ];
  const convolutions = kernels(kind, input, out, stride);
  const named = operationsOf(unitOrders[order], convolutions.length);

  const queue = [...convolutions];
  let channels = input;
  const letters = { conv: "c", norm: "n", relu: "a" } as const;
  /** Steps from `from` on; the last result is called `last`. */
  const steps = (list: readonly NamedOperation[], from: string, last: string): Step[] => {
    let [current, before]: [string, string | undefined] = [from, undefined];
    return list.map(({ operation, name }, i) => {
      const index = name.replace(/\D/g, "");
      const result = i === list.length - 1 ? last : `${letters[operation]}${index}`;
      let step: Step;
      if (operation === "conv") {
        const kernel = queue.shift()!;
        channels = kernel.out;
        step = convolution(result, current, index, kernel);
      } else
        step =
          operation === "norm" ? norm(result, current, index, channels) : rectifier(result, current, before);
      // Behind a norm the input of the norm has the same shape.
      before = operation === "norm" ? current : undefined;
      current = result;
      return step;
    });
  };
  const branch = steps([...named.leading, ...named.branch], "x_F", "F");
  const after = named.afterAddition;
  const sum = after.length === 0 ? "y" : "s";
  const following = steps(after, sum, "y").map((step) =>
    // The mask of the last ReLU is that of the sum; a common slip takes F's.
    order === "original" ? rectifier("y", "s", "F") : step,
  );
  const carried = shortcutSteps(shortcut, input, out);
  const all = [...branch, ...carried, ...following];

  const backOf = (list: readonly Step[]): Line[] => [...list].reverse().flatMap(({ back }) => back);
  const h = carried.length === 0 ? "x_S" : "h";
  const addition = line(
    gradientOf("F"),
    `${dE("F")} = ${dE(sum)}`,
    "addition",
    "An addition hands the gradient on as it is, to F …",
    ({ gradient }) => gradient(sum),
  );
  const toShortcut = line(
    gradientOf(h),
    `${dE(tex(h))} = ${dE(sum)}`,
    "addition",
    "… and, just as it is, to the shortcut.",
    ({ gradient }) => gradient(sum),
  );
  const dX = gradientOf("x");
  const pixels = [2, side, side, input];
  return derivation({
    name: "residualUnit",
    title: `A ${kind} residual unit, order ${order}, shortcut ${shortcut}`,
    inputs: inputsOf(
      Object.assign({ x: pixels }, ...all.map(({ inputs }) => inputs)) as Record<string, Shape>,
    ),
    counts: {},
    program(inputs) {
      const values: Record<string, Value> = { ...inputs };
      // x goes two ways; each has its own name, so that its gradient can be told apart.
      for (const way of ["x_F", "x_S"])
        values[way] = operations.scale(inputs["x"]!, { factor: 1 }).named(way);
      for (const step of [...branch, ...carried]) values[step.out] = step.forward(values).named(step.out);
      values[sum] = operations.add(values["F"]!, values[h]!).named(sum);
      for (const step of following) values[step.out] = step.forward(values).named(step.out);
      return values["y"]!;
    },
    lines: [
      definition("x_F", "x_F = x", "x goes two ways: into F …", ({ value }) => value("x")),
      definition("x_S", "x_S = x", "… and onto the shortcut.", ({ value }) => value("x")),
      ...branch.map((step) => step.definition),
      ...carried.map((step) => step.definition),
      definition(sum, `${sum} = ${tex(h)} + F`, "The addition (identity paper, equation 1).", ({ value }) =>
        formulas.plus(value(h), value("F")),
      ),
      ...following.map((step) => step.definition),
      ...backOf(following),
      addition,
      toShortcut,
      ...backOf(branch),
      ...backOf(carried),
      line(
        dX,
        `${dE("x")} = ${dE("x_S")} + ${dE("x_F")}`,
        "sum over both ways",
        "x is used twice, so two gradients arrive, and they add up.",
        ({ gradient }) => formulas.plus(gradient("x_S"), gradient("x_F")),
      ),
      ...(shortcut === "identity"
        ? [
            line(
              dX,
              `${dE("x")} = ${dE(sum)} + ${dE("x_F")}`,
              "substitution",
              "The identity term is the gradient behind the addition itself, whatever F does.",
              ({ gradient }) => formulas.plus(gradient(sum), gradient("x_F")),
            ),
          ]
        : []),
    ],
    slips: [
      { name: "the shortcut's gradient is dropped", of: dX, evaluate: ({ gradient }) => gradient("x_F") },
      { name: "the residual's gradient is dropped", of: dX, evaluate: ({ gradient }) => gradient("x_S") },
      {
        name: "both ways are averaged, where they add up",
        of: dX,
        evaluate: ({ gradient }) =>
          formulas.map(formulas.plus(gradient("x_S"), gradient("x_F")), (value) => value / 2),
      },
      ...all.flatMap(({ slips }) => slips),
    ],
  });
}
