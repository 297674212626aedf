// Jupyter messages as ZeroMQ frames: parsing, signing and verification (Jupyter messaging protocol 5.3, "The wire protocol").
import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";

/** The protocol version that every header of ours carries. */
export const protocolVersion = "5.3";

/** A message's header. A received one may carry more fields; they travel back in the parent header unchanged. */
export interface Header {
  readonly msg_id: string;
  readonly msg_type: string;
  readonly session: string;
  readonly username: string;
  readonly date?: string;
  readonly version?: string;
}

/** One Jupyter message, without its signature. */
export interface Message {
  /** Routing frames (requests and replies) or the topic (iopub). */
  readonly identities: readonly Uint8Array[];
  readonly header: Header;
  readonly parent: Header | Record<string, never>;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly content: Readonly<Record<string, unknown>>;
}

/** A message as it came in. */
export interface SignedMessage extends Message {
  /** Its signature in hexadecimal; empty where the connection has no key. */
  readonly signature: string;
}

/** A frame sequence that is no signed Jupyter message. */
export class WireError extends Error {
  override readonly name = "WireError";
}

const delimiter = Buffer.from("<IDS|MSG>");
const bodyNames = ["header", "parent_header", "metadata", "content"] as const;

/** The HMAC-SHA256 of the four body frames in hexadecimal, or nothing where the connection has no key. */
function signature(key: string, body: readonly (string | Buffer)[]): string {
  if (key === "") return "";
  const hash = createHmac("sha256", key);
  for (const frame of body) hash.update(frame);
  return hash.digest("hex");
}

function parseObject(frame: Buffer, name: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(frame.toString("utf8"));
  } catch (error) {
    throw new WireError(`frame "${name}" must be JSON`, { cause: error });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new WireError(`frame "${name}" must be a JSON object; got ${JSON.stringify(value)}`);
  return value as Record<string, unknown>;
}

/** The received header, or a WireError that names the field missing. */
function checkHeader(value: Record<string, unknown>): Header {
  for (const field of ["msg_id", "msg_type", "session"]) {
    if (typeof value[field] !== "string") throw new WireError(`header field "${field}" must be a string`);
  }
  return { username: "", ...value } as unknown as Header;
}

/**
 * Reads frames `[identities..., "<IDS|MSG>", signature, header, parent, metadata, content, buffers...]`.
 *
 * @throws WireError if a frame is missing or malformed, or if the signature does not match `key`.
 */
export function decode(frames: readonly Buffer[], key: string): SignedMessage {
  const at = frames.findIndex((frame) => frame.equals(delimiter));
  if (at < 0) throw new WireError("the delimiter <IDS|MSG> is missing");
  const [signed, ...rest] = frames.slice(at + 1);
  const body = rest.slice(0, bodyNames.length);
  if (!signed || body.length < bodyNames.length)
    throw new WireError(`a message has 5 frames after the delimiter; got ${String(frames.length - at - 1)}`);
  const expected = Buffer.from(signature(key, body));
  if (key !== "" && (signed.length !== expected.length || !timingSafeEqual(signed, expected)))
    throw new WireError("the signature does not match the connection's key");
  const [header, parent, metadata, content] = bodyNames.map((name, i) => parseObject(body[i]!, name));
  return {
    identities: frames.slice(0, at),
    header: checkHeader(header!),
    parent: parent as unknown as Message["parent"],
    metadata: metadata!,
    content: content!,
    signature: signed.toString(),
  };
}

/** JSON in which half a character, such as the rest of an emoji that was cut, is U+FFFD: a notebook with one cannot be written. */
function wellFormed(part: unknown): string {
  const text = JSON.stringify(part);
  if (!/\\ud[89a-f]/i.test(text)) return text;
  return JSON.stringify(part, (_key, value: unknown) =>
    typeof value === "string" ? Buffer.from(value).toString() : value,
  );
}

/** Frames of a message, signed with `key`. */
export function encode(message: Message, key: string): (string | Uint8Array)[] {
  const body = [message.header, message.parent, message.metadata, message.content].map(wellFormed);
  return [...message.identities, delimiter, signature(key, body), ...body];
}

/** What makes this kernel's messages its own: a session id, fresh at each start, so that clients notice a restart. */
export interface Author {
  readonly session: string;
  readonly username: string;
}

/** A new message of `type` caused by `parent`, to be sent to `identities`. */
export function compose(
  author: Author,
  type: string,
  content: Readonly<Record<string, unknown>>,
  parent: Message | undefined,
  identities: readonly Uint8Array[],
): Message {
  const header = {
    msg_id: randomUUID(),
    msg_type: type,
    session: author.session,
    username: author.username,
    date: new Date().toISOString(),
    version: protocolVersion,
  };
  return { identities, header, parent: parent?.header ?? {}, metadata: {}, content };
}
