// A network with values: an architecture whose parameters are initialised, ready to train.
import * as tf from "@tensorflow/tfjs-core";
import { jupyterDisplay, type MimeBundle } from "../display/display.js";
import {
  multiplyAdds,
  parameterCount,
  type Architecture,
  type NamedUnit,
  type Spec,
} from "./architecture.js";
import type { Mode, NamedVariable } from "./layer.js";
import { requireImages, type Model } from "./model.js";
import { onlyKnown } from "./options.js";
import { initialise, type Initialisation } from "./initialise.js";
import { sequential, type Parts, type Sequential } from "./sequential.js";
import { summarise, type Summary, type SummaryOptions } from "./summary.js";

/** What `activations` reads. */
export interface ActivationsOptions {
  /** Dotted names to read, such as `stage1.unit1.conv1`. Default: the output of every part. */
  readonly names?: readonly string[];
  /** Default: false, which reads running statistics and changes nothing. */
  readonly training?: boolean;
}

/**
 * A classifier. It holds memory until `dispose`.
 *
 * @example
 * ```ts
 * const network = nn.cifarResNet({ depth: 8, widths: [2, 2, 2] });
 * network.units.map(({ name }) => name); // ["stage1.unit1", "stage2.unit1", "stage3.unit1"]
 * ```
 */
export class Network implements Model {
  readonly name: string;
  readonly spec: Spec;
  readonly inputShape: readonly [number, number, number];
  readonly classes: number;
  readonly parts: Parts;
  readonly units: readonly NamedUnit[];
  readonly seed: number;
  readonly initialisation: Initialisation;
  /** All parts as one layer. */
  readonly body: Sequential;
  readonly #variables: readonly NamedVariable[];

  /**
   * Gives an architecture its initial values. It serves one network.
   * @throws Error if the architecture has values already.
   */
  constructor(architecture: Architecture) {
    this.name = architecture.name;
    this.spec = architecture.spec;
    this.inputShape = architecture.inputShape;
    this.classes = architecture.classes;
    this.parts = architecture.parts;
    this.units = architecture.units;
    this.seed = architecture.seed;
    this.initialisation = architecture.initialisation;
    this.body = sequential(architecture.parts);
    this.body.outputShape(this.inputShape);
    initialise(this.body, { seed: this.seed, initialisation: this.initialisation });
    this.#variables = this.body
      .parameters()
      .map(({ name, parameter }) => ({ name, role: parameter.role, variable: parameter.variable }));
  }

  /** How many numbers are trained; running statistics are not counted. */
  get parameterCount(): number {
    return parameterCount(this);
  }

  /** Multiply-adds for one image, of convolutions and dense layers. */
  get multiplyAdds(): number {
    return multiplyAdds(this);
  }

  /**
   * x [N, H, W, C] gives logits [N, K]. Intermediate tensors are freed; the caller disposes the logits.
   * @throws RangeError if x is not of `inputShape`.
   */
  forward(x: tf.Tensor4D, mode: Mode): tf.Tensor2D {
    requireImages(this, x);
    return tf.tidy(() => this.body.forward(x, mode) as tf.Tensor2D);
  }

  /** Every variable in a fixed order: `stem.conv.weight`, `stem.norm.scale`, …, `head.weight`, `head.bias`. */
  variables(): readonly NamedVariable[] {
    return this.#variables;
  }

  /**
   * The values inside the network for the images x [N, H, W, C], by dotted name; the caller disposes them (`tf.dispose(record)`).
   * @throws RangeError if x is not of `inputShape`, or nothing has one of the names.
   */
  activations(x: tf.Tensor4D, options: ActivationsOptions = {}): Record<string, tf.Tensor> {
    onlyKnown("activations", options, ["names", "training"]);
    const { names = Object.keys(this.parts), training = false } = options;
    const wanted = new Set(names);
    const read: Record<string, tf.Tensor> = {};
    const seen: string[] = [];
    const logits = this.forward(x, {
      training,
      observe(name, value) {
        seen.push(name);
        if (wanted.has(name)) read[name] = tf.keep(tf.clone(value));
      },
    });
    logits.dispose();
    const missing = names.filter((name) => !(name in read));
    if (missing.length > 0) {
      tf.dispose(read);
      throw new RangeError(
        `${this.name} has the values ${seen.slice(0, 12).join(", ")}, …, ${seen.at(-1)!}; got ${missing.join(", ")}`,
      );
    }
    return read;
  }

  /** A table of the network's parts: name, output shape, parameters, multiply-adds. */
  summary(options: SummaryOptions = {}): Summary {
    onlyKnown("summary", options, ["detail"]);
    return summarise(this, options);
  }

  /** What a notebook shows of the network: its summary. */
  [jupyterDisplay](): MimeBundle {
    return this.summary()[jupyterDisplay]();
  }

  /** What Node's console shows: one line in place of every variable's handle. */
  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return `Network ${this.name} (${this.parameterCount} parameters)`;
  }

  /** Frees every variable. The network cannot be used afterwards. */
  dispose(): void {
    for (const { parameter } of this.body.parameters()) parameter.dispose();
  }
}
