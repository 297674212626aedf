// Talks with the program that runs a learner's code. All that it says is hearsay: it may be forged, late or no answer at all.
import { randomUUID } from "node:crypto";
import type { check } from "residual";
import type { Supervised } from "../sandbox/supervise";
import type { RunEvent } from "./protocol";
import { decode, encode } from "./wire";

/** The answer to one case, or undefined when the program ended: a line that is not the answer ends it too. */
export async function ask(
  program: Supervised,
  input: check.Plain,
  deadline: number,
): Promise<check.Output | undefined> {
  const asked = encode({ id: randomUUID(), input });
  program.send(asked);
  const line = await program.next(deadline);
  if (line === undefined) return undefined;
  const output = parseOutput(line, asked);
  if (output === undefined) await program.end("forged");
  return output;
}

function parseOutput(line: string, asked: string): check.Output | undefined {
  let value: check.Plain;
  try {
    value = decode(line);
  } catch {
    return undefined; // not the protocol
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const answer = value as Record<string, check.Plain>;
  if (answer["asked"] !== asked) return undefined;
  if ("value" in answer) return { value: answer["value"]! };
  const error = answer["error"] as Record<string, check.Plain> | null | undefined;
  return { error: { name: asText(error?.["name"]), message: asText(error?.["message"]) } };
}

const asText = (value: check.Plain | undefined): string =>
  typeof value === "string" ? value.slice(0, 500) : "";

/** An event, or undefined where the line is none. */
export function parseEvent(line: string): RunEvent | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined; // not the protocol: something else that the learner's program wrote
  }
  if (typeof value !== "object" || value === null) return undefined;
  if (!("failed" in value)) return "cell" in value || "ready" in value ? (value as RunEvent) : undefined;
  const message = "message" in value && typeof value.message === "string" ? value.message : "";
  return { failed: typeof value.failed === "number" ? value.failed : -1, message };
}

/** What the runner says is hearsay: only names that were asked for are taken from it. */
export function namesIn(claimed: unknown, needs: readonly string[]): string[] {
  return Array.isArray(claimed) ? needs.filter((name) => claimed.includes(name)) : [];
}
