// Frames of Jupyter messages: what is signed, what is refused.
import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { compose, decode, encode, WireError, type Message } from "./wire";

const key = "secret";
const author = { session: "s1", username: "kernel" };
const request: Message = compose(author, "execute_request", { code: "1 + 1" }, undefined, [
  Buffer.from("client"),
]);

const frames = (message: Message, signedWith = key): Buffer[] =>
  encode(message, signedWith).map((frame) => Buffer.from(frame));

describe("encode() and decode()", () => {
  it("are inverse", () => {
    expect(decode(frames(request), key)).toMatchObject(request);
  });

  it("sign the four body frames with HMAC-SHA256", () => {
    const [, , signature, ...body] = frames(request);
    expect(body).toHaveLength(4);
    const expected = createHmac("sha256", key).update(Buffer.concat(body)).digest("hex");
    expect(signature!.toString()).toBe(expected);
  });

  it("leave the signature empty where the connection has no key", () => {
    expect(frames(request, "")[2]).toHaveLength(0);
    expect(decode(frames(request, ""), "")).toMatchObject(request);
  });

  it("keep buffers that follow the content out of the signature", () => {
    expect(decode([...frames(request), Buffer.from("buffer")], key)).toMatchObject(request);
  });
});

describe("decode() refuses", () => {
  const changed = (at: number, content: string): Buffer[] =>
    frames(request).map((frame, i) => (i === at ? Buffer.from(content) : frame));

  it.each([
    [
      "another key's signature",
      frames(request, "other"),
      "the signature does not match the connection's key",
    ],
    ["a changed content", changed(6, '{"code":"2"}'), "the signature does not match the connection's key"],
    ["a short signature", changed(2, "abc"), "the signature does not match the connection's key"],
    ["no delimiter", [Buffer.from("x")], "the delimiter <IDS|MSG> is missing"],
    ["too few frames", frames(request).slice(0, 5), "a message has 5 frames after the delimiter; got 3"],
  ])("%s", (_what, bad, message) => {
    expect(() => decode(bad, key)).toThrow(new WireError(message));
  });

  it.each([
    [3, "{", 'frame "header" must be JSON'],
    [5, "[]", 'frame "metadata" must be a JSON object; got []'],
    [3, '{"msg_id":"a","session":"b"}', 'header field "msg_type" must be a string'],
  ])("frame %i as %s", (at, content, message) => {
    const bad = encode(request, "").map((frame, i) => Buffer.from(i === at ? content : frame));
    expect(() => decode(bad, "")).toThrow(message);
  });
});

it("compose() names the message that caused it, and itself anew each time", () => {
  const [first, second] = [1, 2].map(() => compose(author, "status", {}, request, []));
  expect(first!.parent).toEqual(request.header);
  expect(first!.header).toMatchObject({ msg_type: "status", session: "s1", version: "5.3" });
  expect(first!.header.msg_id).not.toBe(second!.header.msg_id);
});
