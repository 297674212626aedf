// The papers' quantitative claims, results/claims.json, and how each stands by the records.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { nn, type train } from "residual";
import { nearest } from "../../lib/nearest";
import { UserError } from "../notebooks/user-error";
import { schemaFault, validator } from "../records/store";
import type { Standing } from "./train-recorded";
import {
  aboveVerdict,
  countVerdict,
  equivalentVerdict,
  measureOf,
  type Measure,
  type Verdict,
} from "./verdict";

/** How runs are made: everything of a sweep but networks and seeds. */
export interface Protocol {
  readonly data: train.SweepData;
  readonly recipe: train.SweepRecipe;
  /** In what it still differs from the paper's. */
  readonly differs: string;
}

/** A rule that runs decide. */
export interface RunRule {
  readonly kind: "equivalent" | "above";
  readonly measure: Measure;
  readonly network: { readonly model: string; readonly options: Readonly<Record<string, unknown>> };
  /** The protocol's name; null where its data are no part of the course, so that nobody can run it here. */
  readonly protocol: string | null;
  /** Of `equivalent`: how far the mean may lie from the value; fixed before any run. */
  readonly margin?: number;
  /** Why this margin. */
  readonly marginBecause?: string;
  /** Of `equivalent`: the guess of single runs' deviation from which the number of seeds follows. */
  readonly deviation?: number;
  /** The seeds are 1 to this. */
  readonly seeds: number;
}

/** A rule that the architecture decides, by counting. */
export interface CountRule {
  readonly kind: "count";
  readonly of: "parameters" | "multiplyAdds";
  readonly network: { readonly model: string; readonly options: Readonly<Record<string, unknown>> };
  /** What the paper's number is in, such as 1e6. */
  readonly unit: number;
  /** Printed digits behind the point. */
  readonly digits: number;
}

/** A claim: a number in a paper, and what would count as finding it again. */
export interface Claim {
  readonly id: string;
  readonly paper: "resnet" | "identity";
  readonly where: string;
  readonly quantity: string;
  readonly value: number;
  readonly unit: string;
  /** What the number is of. */
  readonly of: "one run" | "mean of 5 runs" | "median of 5 runs" | "the architecture";
  /** The runs' standard deviation, where the paper has it. */
  readonly spread: number | null;
  readonly conditions: string;
  readonly rule: RunRule | CountRule;
}

/** The file. */
export interface Claims {
  readonly protocols: Readonly<Record<string, Protocol>>;
  readonly claims: readonly Claim[];
}

/** Reads the claims. @throws UserError where the file breaks its schema */
export function readClaims(root: string): Claims {
  const path = join(root, "results", "claims.json");
  const claims = JSON.parse(readFileSync(path, "utf8")) as Claims;
  const isValid = validator(root, "claims");
  if (!isValid(claims)) throw new UserError(`${path}: ${schemaFault(isValid)}`);
  return claims;
}

/** Which claims are meant. */
export interface Choice {
  readonly ids: readonly string[];
  readonly all: boolean;
  readonly table?: string;
  readonly paper?: string;
}

/** The chosen claims. @throws UserError where none is meant, or one that there is not, with the nearest */
export function chosenClaims({ claims }: Claims, { ids, all, table, paper }: Choice): readonly Claim[] {
  if (paper !== undefined && paper !== "resnet" && paper !== "identity")
    throw new UserError(`--paper must be resnet or identity; got ${paper}`);
  if ([ids.length > 0, all, table !== undefined].filter(Boolean).length !== 1)
    throw new UserError("either claims must be named, or --table N, or --all; npm run reproduce -- --list shows the claims"); // prettier-ignore
  const known = claims.map(({ id }) => id);
  for (const id of ids) {
    if (known.includes(id)) continue;
    const meant = nearest(id, known);
    throw new UserError(`there is no claim ${id}${meant === undefined ? "" : `: is ${meant} meant?`} npm run reproduce -- --list shows them`); // prettier-ignore
  }
  const chosen = claims.filter(
    (claim) =>
      (paper === undefined || claim.paper === paper) &&
      (all ||
        ids.includes(claim.id) ||
        (table !== undefined && claim.where.split(",")[0] === `Table ${table}`)),
  );
  if (chosen.length === 0) throw new UserError(`no claim is of table ${table ?? ""}${paper === undefined ? "" : ` of the paper ${paper}`}`); // prettier-ignore
  return chosen;
}

/**
 * The sweeps that claims rest on: those of one protocol and as many seeds together, so that their runs go side by side. A network is called by its
 * claim. Claims that nobody can run here, and those decided by counting, have none.
 */
export function sweepsOf({ protocols }: Claims, claims: readonly Claim[]): readonly train.Sweep[] {
  const found = new Map<string, train.Sweep>();
  for (const { id, rule } of claims) {
    if (rule.kind === "count" || rule.protocol === null) continue;
    const key = `${rule.protocol} ${rule.seeds}`;
    const { data, recipe } = protocols[rule.protocol]!;
    const seeds = Array.from({ length: rule.seeds }, (_, i) => i + 1);
    const { networks } = found.get(key) ?? { networks: [] };
    found.set(key, { networks: [...networks, { ...rule.network, name: id }], data, recipe, seeds });
  }
  return [...found.values()];
}

/** The verdict that a claim's runs give: all of them that are planned, with the records that there are. */
export function verdictOf(claim: Claim, runs: Standing["runs"]): Verdict {
  const { rule, value, spread, of } = claim;
  if (rule.kind === "count") return countVerdict(counted(rule) / rule.unit, value, rule.digits);
  if (rule.protocol === null)
    return { status: "not run", because: "ImageNet's images are no part of the course" };
  const values = runs.flatMap(({ record }) => (record ? measureOf(record, rule.measure) : []));
  if (rule.kind === "above") return aboveVerdict(values, runs.length, value);
  const published = { value, runs: of === "one run" ? 1 : 5, ...(spread !== null && { deviation: spread }) };
  return equivalentVerdict(values, runs.length, published, rule.margin!);
}

function counted({ of, network }: CountRule): number {
  const architecture = nn.buildArchitecture(network);
  return of === "parameters" ? nn.parameterCount(architecture) : nn.multiplyAdds(architecture);
}
