// A variable is a variable and an argument is an argument, whatever storage they share: compiled steps beside uncompiled ones.
import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { ready } from "../runtime/ready.js";
import { compile, type CompiledStep } from "./compile.js";
import type { StepFunction } from "./recording.js";
import type { StepResult } from "./result.js";

beforeAll(async () => {
  await ready();
});

let tensors: number;
beforeEach(() => {
  tensors = tf.memory().numTensors;
});
afterEach(() => {
  expect(tf.memory().numTensors).toBe(tensors);
});

const vector = (...values: number[]): tf.Tensor1D => tf.tensor1d(values);

/** What a program saw, once with its steps compiled and once with the steps themselves. */
type Compiler = <Args extends readonly tf.Tensor[], Result extends StepResult>(
  step: StepFunction<Args, Result>,
) => StepFunction<Args, Result>;

/** Runs the program both ways; every step must end compiled, unless `expected` says otherwise. */
function bothWays(
  program: (compiler: Compiler) => unknown,
  expected: "compiled" | "uncompiled" = "compiled",
) {
  const steps: CompiledStep<never, StepResult>[] = [];
  const compiled = program((step) => {
    const made = compile(step, { onUncompiled: () => undefined });
    steps.push(made);
    return made;
  });
  for (const step of steps) {
    expect(step.traces.map(({ state }) => state)).toContain(expected);
    step.dispose();
  }
  expect(compiled).toEqual(program((step) => step));
}

/** The numbers of a tensor, which is freed. */
function numbers(tensor: tf.Tensor): number[] {
  const values = Array.from(tensor.dataSync());
  tensor.dispose();
  return values;
}

/** Calls of a step by gradient descent on |x w|, and all variables after each call. */
const descent = (w: tf.Variable) => (x: tf.Tensor1D) =>
  tf.tidy(() => {
    const { value, grads } = tf.variableGrads(() => tf.sum<tf.Scalar>(tf.square(tf.mul(x, w))), [w]);
    w.assign(tf.sub(w, tf.mul(grads[w.name]!, 0.01)));
    return value;
  });

const sharing: [string, (w: tf.Variable, other: tf.Variable) => tf.Tensor[]][] = [
  ["a copy of the trained variable", (w, other) => (other.assign(w), [])],
  ["the original of the trained variable", (w, other) => (w.assign(other), [])],
  ["a variable made of the trained one", (w) => [tf.variable(w)]],
  ["a clone of the trained variable", (w) => [tf.clone(w)]],
];

test.each(sharing)("compile() trains one variable and leaves %s alone", (_, share) => {
  for (const prepared of [false, true]) {
    bothWays((compiler) => {
      const [a, b] = [vector(1, 2, 3), vector(4, 5, 6)];
      const [w, other] = [tf.variable(a), tf.variable(b)];
      const held = share(w, other);
      const step = compiler(descent(w));
      const x = vector(0.5, 1, 2);
      if (prepared) (step as Partial<CompiledStep<[tf.Tensor1D], tf.Scalar>>).prepare?.(x);
      const seen = Array.from({ length: 6 }, () => [
        numbers(step(x)),
        ...[w, other, ...held].map((tensor) => Array.from(tensor.dataSync())),
      ]);
      tf.dispose([a, b, w, other, held, x]);
      return seen;
    });
  }
});

const aliases: [string, (x: tf.Tensor1D, y: tf.Tensor1D) => tf.Tensor1D][] = [
  ["the same tensor twice", (x) => x],
  ["a tensor and its clone", (x) => tf.clone(x)],
  ["a tensor and a variable's value", (x) => tf.clone(tf.variable(x))],
];

test.each(aliases)("compile() takes %s, then two that differ", (_, alias) => {
  bothWays((compiler) => {
    const step = compiler((a: tf.Tensor1D, b: tf.Tensor1D) => tf.tidy(() => tf.sub(a, b)));
    const [x, y] = [vector(1, 2), vector(3, 5)];
    const before = Object.values(tf.engine().registeredVariables);
    const same = alias(x, y);
    const seen = [same, same, same, same, y, y, y, y, same].map((b) => numbers(step(x, b)));
    tf.dispose(Object.values(tf.engine().registeredVariables).filter((made) => !before.includes(made)));
    tf.dispose([x, y, same]);
    return seen;
  });
});

test("compile() takes a variable's value, then another tensor", () => {
  bothWays((compiler) => {
    const start = vector(1, 2);
    const v = tf.variable(start);
    const step = compiler((a: tf.Tensor1D) => tf.tidy(() => tf.mul(a, v)));
    const [same, y] = [tf.clone(v), vector(3, 5)];
    const seen = [same, same, same, y, y].map((a) => numbers(step(a)));
    v.assign(y);
    seen.push(numbers(step(same)), numbers(step(y)));
    tf.dispose([start, v, same, y]);
    return seen;
  });
});

test("compile() keeps a captured tensor apart from the variable and the argument whose storage it shares", () => {
  bothWays((compiler) => {
    const start = vector(1, 2);
    const v = tf.variable(start);
    const [ofVariable, ofArgument] = [tf.clone(v), tf.clone(start)];
    const step = compiler((a: tf.Tensor1D) =>
      tf.tidy(() => {
        v.assign(tf.add(v, a));
        return tf.stack([tf.mul(v, ofVariable), tf.mul(a, ofArgument)]);
      }),
    );
    const y = vector(3, 5);
    const seen = [start, start, start, y, y].map((a) => numbers(step(a)));
    tf.dispose([start, v, ofVariable, ofArgument, y]);
    return seen;
  });
});

test("compile() keeps an argument apart from the same tensor that the step holds too", () => {
  for (const prepared of [false, true]) {
    bothWays((compiler) => {
      const [a, b] = [vector(1, 2), vector(3, 5)];
      const step = compiler((x: tf.Tensor1D) => tf.tidy(() => tf.sub(a, x)));
      if (prepared) (step as Partial<CompiledStep<[tf.Tensor1D], tf.Tensor>>).prepare?.(a);
      const seen = [a, a, a, b, b, a].map((x) => numbers(step(x)));
      tf.dispose([a, b]);
      return seen;
    });
  }
});

test("compile() takes a captured tensor that its owner replaced while a clone of the old one lives", () => {
  bothWays((compiler) => {
    let captured = tf.scalar(2);
    const clone = tf.clone(captured);
    const step = compiler((x: tf.Tensor1D) => tf.tidy(() => tf.mul(x, captured)));
    const x = vector(1, 2);
    const seen = Array.from({ length: 3 }, () => numbers(step(x)));
    captured.dispose();
    captured = tf.scalar(7);
    seen.push(...Array.from({ length: 4 }, () => numbers(step(x))));
    tf.dispose([clone, captured, x]);
    return seen;
  });
});

test("compile() takes a variable that its owner made anew under the same name", () => {
  bothWays((compiler) => {
    const make = (value: number) => tf.tidy(() => tf.variable(tf.scalar(value), true, "the one"));
    let v = make(1);
    const step = compiler((x: tf.Tensor1D) =>
      tf.tidy(() => {
        v.assign(tf.add(v, tf.sum(x)));
        return tf.mul(x, v);
      }),
    );
    const x = vector(1, 2);
    const seen = Array.from({ length: 4 }, () => numbers(step(x)));
    v.dispose();
    v = make(10);
    seen.push(...Array.from({ length: 4 }, () => numbers(step(x))));
    tf.dispose([v, x]);
    return seen;
  });
});

test("compile() takes a variable itself as an argument: what the step assigns shows in it", () => {
  bothWays((compiler) => {
    const [start, y] = [vector(1, 2), vector(3, 5)];
    const [v, w] = [tf.variable(start), tf.variable(start)];
    const step = compiler((a: tf.Tensor) =>
      tf.tidy(() => {
        v.assign(tf.add(v, 1));
        return tf.mul(a, 2);
      }),
    );
    const seen = [v, v, v, w, w, w, v, y, y, y, v].map((a) => numbers(step(a)));
    tf.dispose([start, y, v, w]);
    return seen;
  });
});

test("compile() gives the gradient by the same tensor passed twice as the step does", () => {
  bothWays((compiler) => {
    const step = compiler((a: tf.Tensor1D, b: tf.Tensor1D) =>
      tf.tidy(() => tf.stack(tf.grads((p: tf.Tensor, q: tf.Tensor) => tf.mul(p, tf.square(q)))([a, b]))),
    );
    const [x, y] = [vector(1, 2), vector(3, 5)];
    const seen = [x, x, x, y, y, y, x].map((b) => numbers(step(x, b)));
    tf.dispose([x, y]);
    return seen;
  });
});

test("compile() changes places of two variables, and swaps them back", () => {
  bothWays((compiler) => {
    const [a, b] = [vector(1, 2), vector(3, 5)];
    const [v, w] = [tf.variable(a), tf.variable(b)];
    const step = compiler((x: tf.Tensor1D) =>
      tf.tidy(() => {
        const old = tf.clone(v);
        v.assign(w);
        w.assign(old);
        return tf.mul(x, v);
      }),
    );
    const seen = Array.from({ length: 5 }, () => numbers(step(a)));
    v.assign(w);
    seen.push(...Array.from({ length: 3 }, () => numbers(step(a))), Array.from(w.dataSync()));
    tf.dispose([a, b, v, w]);
    return seen;
  });
});

test("compile() records a compiled step within another as part of it", () => {
  bothWays((compiler) => {
    const inner = compile((x: tf.Tensor1D) => tf.tidy(() => tf.mul(tf.square(x), 3)));
    const step = compiler((x: tf.Tensor1D, y: tf.Tensor1D) => tf.tidy(() => tf.add(inner(x), tf.mul(y, 2))));
    const [x, y] = [vector(1, 2), vector(3, 5)];
    const seen = Array.from({ length: 5 }, (_, k) => numbers(step(k % 2 === 0 ? x : y, y)));
    inner.dispose();
    tf.dispose([x, y]);
    return seen;
  });
});

test("compile() gives the same tensor twice where the step does, and an empty result as it is", () => {
  const twice = compile((x: tf.Tensor1D) => tf.tidy(() => { const y = tf.neg(x); return { y, again: y }; })); // prettier-ignore
  const none = compile((): Record<string, tf.Tensor> => ({}));
  const x = vector(1, 2);
  for (let k = 0; k < 4; k++) {
    const result = twice(x);
    expect(result.again).toBe(result.y);
    expect(Array.from(result.y.dataSync())).toEqual([-1, -2]);
    tf.dispose(result);
    expect(none()).toEqual({});
  }
  for (const step of [twice, none]) {
    expect(step.traces).toMatchObject([{ state: "compiled" }]);
    step.dispose();
  }
  x.dispose();
});

test("compile() gives strings, truth values and whole numbers as the step does", () => {
  bothWays((compiler) => {
    const step = compiler((x: tf.Tensor1D) =>
      tf.tidy(() => ({
        text: tf.tensor1d(["a", "ü"]),
        isLarge: tf.greater(x, 1),
        whole: tf.cast(x, "int32"),
      })),
    );
    const x = vector(1.5, 2);
    const seen = Array.from({ length: 4 }, () => {
      const result = step(x);
      return Object.values(result).map((tensor: tf.Tensor) => [tensor.dtype, tensor.shape, numbers(tensor)]);
    });
    x.dispose();
    return seen;
  });
});

test("compile() tells a step's key from its arguments, and one key from another by every character", () => {
  let key = "";
  const runs: string[] = [];
  const step = compile(
    (...tensors: tf.Tensor[]) => {
      runs.push(key);
      return tf.tidy(() => tf.add(tensors[0]!, key.length));
    },
    { key: () => key },
  );
  const x = tf.scalar(1);
  const seen = ["", " ", "  ", "float32[]"].flatMap((text) => {
    key = text;
    return [1, 2, 3].map(() => numbers(step(x)));
  });
  key = "";
  seen.push(numbers(step(x, x)), numbers(step(x, x)), numbers(step(x, x)));
  expect(seen.flat()).toEqual([1, 1, 1, 2, 2, 2, 3, 3, 3, 10, 10, 10, 1, 1, 1]);
  expect(runs).toHaveLength(10);
  step.dispose();
  x.dispose();
});
