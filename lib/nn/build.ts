// Builds a network from the name and options that a weight file stores.
import { parameterCount, type Architecture, type Spec } from "./architecture.js";
import { cifarArchitecture, type CifarResNetOptions } from "./cifar.js";
import {
  cifarDenseNetArchitecture,
  imageNetDenseNetArchitecture,
  type CifarDenseNetOptions,
  type ImageNetDenseNetOptions,
} from "./densenet.js";
import { highwayArchitecture } from "./highway.js";
import { imageNetArchitecture, type ImageNetResNetOptions } from "./imagenet.js";
import { Network } from "./network.js";
import { oneOf, shown } from "./options.js";
import { vggArchitecture, type VggOptions } from "./vgg.js";

/** The families by name. Each checks every option that it is given. */
const families = {
  cifarResNet: (options: object) => cifarArchitecture(options as CifarResNetOptions),
  imageNetResNet: (options: object) => imageNetArchitecture(options as ImageNetResNetOptions),
  cifarDenseNet: (options: object) => cifarDenseNetArchitecture(options as CifarDenseNetOptions),
  imageNetDenseNet: (options: object) => imageNetDenseNetArchitecture(options as ImageNetDenseNetOptions),
  highway: (options: object) => highwayArchitecture(options),
  vgg: (options: object) => vggArchitecture(options as VggOptions),
} as const;

/** The most parameters that a spec may ask for: 1 GiB of float32. The largest network of the papers has 60 million. */
const mostParameters = 2 ** 28;

/**
 * The network that a spec names, with initial values. A spec may come from a downloaded file: its types are checked, its sizes bounded.
 * @throws TypeError if it is no spec; RangeError naming the rule, and the valid names, if a model, an option or a value is not known.
 *
 * @example
 * ```ts
 * const network = nn.build({ model: "cifarResNet", options: { depth: 8, widths: [2, 2, 2] } });
 * network.units.length; // 3
 * ```
 */
export function build(spec: Spec): Network {
  return new Network(buildArchitecture(spec));
}

/**
 * The same without values and without memory, so that a file's tensors can be checked against it first.
 * @throws TypeError and RangeError as `build`.
 *
 * @example
 * ```ts
 * nn.buildArchitecture({ model: "cifarResNet", options: { depth: 20 } }).units.length; // 9
 * ```
 */
export function buildArchitecture(spec: Spec): Architecture {
  const { model, options } = checked(spec);
  const architecture =
    families[oneOf("model", model, Object.keys(families) as (keyof typeof families)[])](options);
  const count = parameterCount(architecture);
  if (count > mostParameters) {
    throw new RangeError(`a spec may ask for at most ${mostParameters} parameters; got ${count}`);
  }
  return architecture;
}

function checked(spec: unknown): { model: unknown; options: object } {
  if (!isRecord(spec) || !isRecord(spec["options"])) {
    throw new TypeError(`a spec must be { model, options }; got ${shown(spec)}`);
  }
  const { model, options } = spec;
  for (const option of ["shortcut", "order"]) {
    const value = options[option];
    if (value !== undefined && typeof value !== "string") {
      throw new TypeError(`${option} in a spec must be a name; got ${shown(value)}`);
    }
  }
  return { model, options };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
