// What npm start keeps from a terminal, and that it keeps nothing else.
import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { isNoise, quietly } from "./quiet";

const noise = [
  "[W 2026-11-30 01:51:39.308 ServerApp] Notebook notebooks/01-the-degradation-problem.ipynb is not trusted",
  "[W 2026-11-30 01:42:12.165 ServerApp] /home/me/notebooks/.~03-identity-shortcuts.ipynb doesn't exist",
  "[W 2026-11-30 01:51:12.924 ServerApp] The websocket_ping_timeout (90000) cannot be longer than the websocket_ping_interval (30000).",
  "    Setting websocket_ping_timeout=30000",
  "WARNING: All log messages before absl::InitializeLog() is called are written to STDERR",
  "I0000 00:00:1796001675.230400    8860 port.cc:153] oneDNN custom operations are on. You may see slightly different results",
];
const news = [
  "[W 2026-11-30 01:51:39.308 ServerApp] 404 GET /api/contents/gone.ipynb",
  "[W 2026-11-30 01:51:39.308 ServerApp] Kernel died: it is restarted",
  "[E 2026-11-30 01:51:39.308 ServerApp] Uncaught exception GET /lab",
  "W0000 00:00:1796001675.230400    8860 gpu_device.cc:2342] Cannot dlopen some GPU libraries.",
  "Traceback (most recent call last):",
  "        http://127.0.0.1:8888/lab?token=8fab",
  "",
];

test("isNoise() knows the lines that concern nobody, and takes no other for one", () => {
  expect(noise.filter((line) => !isNoise(line))).toEqual([]);
  expect(news.filter(isNoise)).toEqual([]);
});

test("quietly() passes on the rest as it is, also where lines come in pieces and the last one has no end", async () => {
  const [from, to] = [new PassThrough(), new PassThrough()];
  quietly(from, to);
  const lines = noise.flatMap((line, i) => [line, news[i]!]);
  const whole = [...lines, "the end"].join("\n");
  for (let at = 0; at < whole.length; at += 7) from.write(whole.slice(at, at + 7));
  from.end();
  await new Promise((done) => from.once("end", done));
  expect(String(to.read())).toBe([...news.slice(0, noise.length), "the end"].join("\n"));
});
