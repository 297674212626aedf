// Jupyter's connection file, and the server's log: what both threads of the kernel share.
import { writeSync } from "node:fs";
import { isError, messageOf, shown } from "./thrown";

/** Jupyter's connection file. */
export interface ConnectionInfo {
  readonly transport: string;
  readonly ip: string;
  readonly shell_port: number;
  readonly iopub_port: number;
  readonly stdin_port: number;
  readonly control_port: number;
  readonly hb_port: number;
  readonly key: string;
  readonly signature_scheme: string;
}

const portNames = ["shell_port", "iopub_port", "stdin_port", "control_port", "hb_port"] as const;

/** A port in the connection file. */
export type PortName = (typeof portNames)[number];

/**
 * The connection file's content.
 *
 * @throws TypeError naming the field that is missing or not understood.
 */
export function parseConnectionInfo(text: string): ConnectionInfo {
  const info = JSON.parse(text) as Record<string, unknown>;
  for (const field of ["transport", "ip", "key"]) {
    if (typeof info[field] !== "string") throw new TypeError(`connection file: "${field}" must be a string`);
  }
  for (const field of portNames) {
    if (!Number.isInteger(info[field]))
      throw new TypeError(`connection file: "${field}" must be an integer; got ${String(info[field])}`);
  }
  const scheme = info["signature_scheme"] ?? "hmac-sha256";
  if (scheme !== "hmac-sha256")
    throw new TypeError(
      `connection file: signature_scheme must be hmac-sha256; got ${JSON.stringify(scheme)}`,
    );
  return { ...info, signature_scheme: scheme } as unknown as ConnectionInfo;
}

/** Writes one line to the kernel process's own standard error (the server's log), which no cell's output replaces. */
export function report(what: string, error?: unknown): void {
  const why = error === undefined ? "" : `: ${isError(error) ? messageOf(error) : shown(error)}`;
  writeSync(2, `[residual kernel] ${what}${why}\n`);
}
