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

/** As jupyter_server writes it, shortened. */
const traceback = (
  last: string,
) => `[E 2026-11-30 05:32:04.144 ServerApp] Uncaught exception GET /api/kernels/59102ff3/channels?session_id=8cb2 (127.0.0.1)
    HTTPServerRequest(protocol='http', host='127.0.0.1:9876', method='GET', uri='/api/kernels/59102ff3/channels?session_id=8cb2')
    Traceback (most recent call last):
      File "tornado/web.py", line 2004, in _execute
        result = await result
                 ^^^^^^^^^^^^
    ${last}
[E 2026-11-30 05:32:04.347 ServerApp] {
      "Host": "127.0.0.1:9876",
      "User-Agent": "Mozilla/5.0"
    }
[E 2026-11-30 05:32:04.347 ServerApp] 500 GET /api/kernels/59102ff3/channels?session_id=8cb2 (ffae@127.0.0.1) 4195.46ms referer=None
`;

async function passed(text: string): Promise<string> {
  const [from, to] = [new PassThrough(), new PassThrough()];
  quietly(from, to);
  for (let at = 0; at < text.length; at += 50) from.write(text.slice(at, at + 50));
  from.end();
  await new Promise((done) => from.once("end", done));
  return String(to.read() ?? "");
}

test("quietly() keeps the traceback of a page that closed while its kernel started, and no other error of a kernel's channels", async () => {
  const gone = traceback("AttributeError: 'NoneType' object has no attribute 'kernel_ws_protocol'");
  const other = traceback("OSError: [Errno 24] Too many open files");
  const line = "[I 2026-11-30 05:32:46.090 ServerApp] Kernel started\n";
  expect(await passed(`${line}${gone}${line}${gone}`)).toBe(line + line);
  expect(await passed(`${other}${gone}${line}${other}`)).toBe(`${other}${line}${other}`);
  const cut = other.split("\n").slice(0, 4).join("\n");
  expect(await passed(cut)).toBe(cut);
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
