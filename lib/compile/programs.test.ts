// Random programs of copies, snapshots, disposals and calls: compiled steps give the bits of the uncompiled ones.
import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { ready } from "../runtime/ready.js";
import { compile, type CompiledStep } from "./compile.js";

beforeAll(async () => {
  await ready();
});

type Matrix = tf.Tensor2D;
type Compiled = CompiledStep<[Matrix, Matrix], tf.Tensor>;

const filled = (k: number): Matrix => tf.tensor2d([k, -k, 0.5 + k, 1 / (1 + k)], [2, 2]);
const bits = (tensor: tf.Tensor): string => Buffer.from(tensor.dataSync().buffer.slice(0)).toString("hex");

/** One thing that a program does; numbers name variables, tensors and steps, counted around. */
type Action =
  | Named<"assign", { readonly to: number; readonly from: number }>
  | Named<"snapshot" | "restore" | "share", { readonly variable: number; readonly tensor: number }>
  | Named<"clone" | "dispose", { readonly tensor: number }>
  | Named<"replace", { readonly variable: number; readonly from: number }>
  | Named<
      "call" | "prepare",
      { readonly step: number; readonly times: number; readonly a: Operand; readonly b: Operand }
    >;
type Named<Name extends string, Rest> = Name extends string ? { readonly do: Name } & Rest : never;
interface Operand {
  readonly kind: "tensor" | "value" | "variable";
  readonly at: number;
}

const number = fc.nat(3);
const operand = fc.record({ kind: fc.constantFrom<Operand["kind"]>("tensor", "tensor", "value", "variable"), at: number }); // prettier-ignore
/** One of the named actions with numbers drawn for the rest. */
const named = <Name extends Action["do"], Rest extends object>(
  names: readonly Name[],
  rest: { [Key in keyof Rest]: fc.Arbitrary<Rest[Key]> },
) => fc.constantFrom(...names).chain((name) => fc.record(rest).map((drawn) => ({ do: name, ...drawn })));
const action = fc.oneof(
  named(["assign"], { to: number, from: number }),
  named(["snapshot", "restore", "share"], { variable: number, tensor: number }),
  named(["clone", "dispose"], { tensor: number }),
  named(["replace"], { variable: number, from: number }),
  {
    weight: 4,
    arbitrary: named(["call", "call", "call", "prepare"], {
      step: fc.nat(6),
      times: fc.integer({ min: 1, max: 4 }),
      a: operand,
      b: operand,
    }),
  },
) as fc.Arbitrary<Action>;

/** Runs a program, its steps compiled or not; gives every bit that it can see. */
function run(program: readonly Action[], compiled: boolean): string[] {
  const seen: string[] = [];
  const variables = [0, 1, 2, 3].map((k) => tf.tidy(() => tf.variable<tf.Rank.R2>(filled(k))));
  const tensors = [5, 6, 7].map((k) => tf.keep(filled(k)));
  const captured = tf.keep(tf.clone(tensors[0]!));
  const [v, w] = [() => variables[0]!, () => variables[1]!];
  type Step = (a: Matrix, b: Matrix) => tf.Tensor;
  const steps: Step[] = [
    (a, b) => tf.sub(a, b),
    (a) => tf.tidy(() => tf.sub(tf.mul(a, 2), captured)),
    (a, b) => tf.tidy(() => {
      const { value, grads } = tf.variableGrads(() => tf.sum<tf.Scalar>(tf.square(tf.sub(tf.matMul(a, v()), w()))), [v(), w()]); // prettier-ignore
      v().assign(tf.sub(v(), tf.mul(grads[v().name]!, 0.01)));
      w().assign(tf.sub(w(), tf.mul(grads[w().name]!, 0.02)));
      return tf.add(value, tf.sum(b));
    }), // prettier-ignore
    (a) => tf.tidy(() => {
      w().assign(tf.add(tf.mul(w(), 0.75), tf.mul(v(), 0.25)));
      return tf.add(a, w());
    }), // prettier-ignore
    (a) => tf.tidy(() => {
      v().assign(w());
      return tf.sub(a, v());
    }), // prettier-ignore
    (a, b) => tf.tidy(() => {
      if (a !== v()) v().assign(a);
      return tf.sub(v(), b);
    }), // prettier-ignore
    (a, b) => tf.tidy(() => {
      const old = tf.clone(v());
      v().assign(tf.mul(w(), 0.5));
      w().assign(old);
      return tf.add(tf.sub(a, b), old);
    }), // prettier-ignore
  ];
  const refused: string[] = [];
  const runs = compiled ? steps.map((step) => compile(step, { onUncompiled: (reason) => refused.push(reason) })) : steps; // prettier-ignore
  const variable = (i: number): tf.Variable<tf.Rank.R2> => variables[i % variables.length]!;
  const tensor = (i: number): Matrix => tensors[i % tensors.length]!;
  const resolve = ({ kind, at }: Operand): Matrix =>
    kind === "tensor" ? tensor(at) : kind === "variable" ? variable(at) : tf.clone(variable(at));
  for (const one of program) {
    // TensorFlow.js frees a variable's value before it takes the new one, so none can be assigned to itself.
    if (one.do === "assign") {
      if (variable(one.to) !== variable(one.from)) variable(one.to).assign(variable(one.from));
    } else if (one.do === "snapshot") tensors.push(tf.keep(tf.clone(variable(one.variable))));
    else if (one.do === "restore") variable(one.variable).assign(tensor(one.tensor));
    else if (one.do === "clone") tensors.push(tf.keep(tf.clone(tensor(one.tensor))));
    else if (one.do === "dispose") {
      if (tensors.length > 1) tensors.splice(one.tensor % tensors.length, 1)[0]!.dispose();
    } else if (one.do === "share" || one.do === "replace") {
      const at = one.variable % variables.length;
      const value = one.do === "share" ? tf.clone(tensor(one.tensor)) : tf.clone(variable(one.from));
      variables[at]!.dispose();
      variables[at] = tf.variable<tf.Rank.R2>(value);
      value.dispose();
    } else {
      const step = runs[one.step % runs.length]!;
      for (let i = 0; i < one.times; i++) {
        const [a, b] = [resolve(one.a), resolve(one.b)];
        if (one.do === "prepare" && "prepare" in step)
          (step as Compiled).prepare(a, b); // prettier-ignore
        else if (one.do === "call") {
          const result = step(a, b);
          seen.push(bits(result));
          result.dispose();
        }
        for (const [operand, value] of [[one.a, a], [one.b, b]] as const) if (operand.kind === "value") value.dispose(); // prettier-ignore
      }
    }
    seen.push(...variables.map(bits), ...tensors.map(bits));
  }
  for (const step of runs) if ("dispose" in step) (step as Compiled).dispose(); // prettier-ignore
  tf.dispose([...variables, ...tensors, captured]);
  expect(refused).toEqual([]);
  return seen;
}

/** `RESIDUAL_PROGRAMS=2000` runs so many. */
const numRuns = Number(process.env["RESIDUAL_PROGRAMS"] ?? 60);

test(`compile() gives the bits of the uncompiled steps in ${numRuns} random programs of copies, snapshots and calls`, () => {
  fc.assert(
    fc.property(fc.array(action, { minLength: 2, maxLength: 14 }), (program) => {
      const before = tf.memory().numTensors;
      try {
        expect(run(program, true)).toEqual(run(program, false));
        expect(tf.memory().numTensors).toBe(before);
      } finally {
        tf.disposeVariables(); // what a failed program leaves would fail the next one
      }
    }),
    { numRuns },
  );
});
