// Every public function says what it needs and refuses what it does not have, as the compiler's types find them.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as nn from "./nn/index.js";
import { publicCalls, type PublicCall } from "./public-calls.fixture.js";
import { optionsParameters, type OptionsParameter } from "./public-functions.fixture.js";
import { ready } from "./runtime/index.js";

const parameters = optionsParameters().filter(
  // The table of operations holds the very functions that are exported by name.
  ({ path }) => !path.startsWith("autodiff.operations."),
);

let network: nn.Network;
let calls: Readonly<Record<string, PublicCall>>;

beforeAll(async () => {
  await ready();
  network = nn.cifarResNet({ depth: 8, widths: [2, 2, 2], inputShape: [8, 8, 1], classes: 2 });
  calls = publicCalls(network);
});

afterAll(() => {
  network.dispose();
});

/** The message of what a call throws or rejects with; undefined where it gives a result. */
async function complaint(call: PublicCall["call"], ...options: unknown[]): Promise<string | undefined> {
  try {
    await call(...options);
    return undefined;
  } catch (error) {
    const { message } = error as Error;
    // What V8 says of code that trusts its arguments.
    expect(message).not.toMatch(/Cannot (read|destructure|convert|use|create)|is not (a function|iterable|an object)|undefined or null/); // prettier-ignore
    return message;
  }
}

const nameOf = ({ path }: OptionsParameter): string => calls[path]!.called ?? path.split(/[.#]/).at(-1)!;

test("optionsParameters() finds the functions that have options, and each has a call in the table", () => {
  const paths = parameters.map(({ path }) => path);
  expect(paths.length).toBeGreaterThan(100);
  expect(Object.keys(calls).sort()).toEqual(paths.sort());
});

describe.each(parameters)("$path", (parameter) => {
  const { path, names, needed, words, numbers } = parameter;

  test(`${path}() with its options, without any and with {} gives a result or says what it needs`, async () => {
    const { call, accepted = {} } = calls[path]!;
    expect(await complaint(call, accepted)).toBeUndefined();
    for (const options of [[], [undefined], [{}]]) {
      const message = await complaint(call, ...options);
      for (const name of needed) expect(message).toContain(name);
    }
  });

  test(`${path}() refuses an option that it does not have, and names those that it has and the nearest`, async () => {
    const { call, accepted = {} } = calls[path]!;
    for (const name of [...names, "zzz"]) {
      const message = await complaint(call, { ...accepted, [`${name}_`]: 1 });
      expect(message).toContain(nameOf(parameter));
      expect(message).toContain(`"${name}_"`);
      for (const known of names) expect(message).toContain(known);
      if (names.includes(name)) expect(message).toContain(`is ${name} meant?`);
    }
  });

  test(`${path}() refuses options that are no object`, async () => {
    const { call } = calls[path]!;
    for (const [options, shown] of [
      [null, "null"],
      [7, "7"],
      ["text", '"text"'],
      [[], "[]"],
      [new Map(), "{}"],
      [() => 1, "function"],
    ] as const) {
      // prettier-ignore
      const message = await complaint(call, options);
      expect(message).toContain(nameOf(parameter));
      expect(message).toContain(`got ${shown}`);
    }
  });

  test(`${path}() refuses a word that an option does not take`, async () => {
    const { call, accepted = {} } = calls[path]!;
    for (const [name, choices] of Object.entries(words)) {
      const message = await complaint(call, { ...accepted, [name]: "other" });
      expect(message).toContain(name);
      expect(message).toContain('"other"');
      for (const choice of choices) expect(message).toContain(choice);
    }
  });

  test(`${path}() refuses a number that is none`, async () => {
    const { call, accepted = {} } = calls[path]!;
    for (const name of numbers) {
      for (const value of [NaN, "12"]) {
        const message = await complaint(call, { ...accepted, [name]: value });
        expect(message, `${name}: ${JSON.stringify(value)}`).toContain(name.replace(/s$/, ""));
      }
    }
  });
});
