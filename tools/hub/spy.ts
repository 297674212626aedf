// A cell that tries to come to another account's things, and says of each attempt what became of it.

/** What the spy knows already: everything but what is kept secret. */
export interface Prey {
  readonly name: string;
  readonly home: string;
  readonly files: readonly string[];
  readonly connectionFile: string;
  /** Its server and its kernel. */
  readonly processes: readonly number[];
  readonly kernel: string;
  readonly ports: readonly number[];
  /** The Hub's address. */
  readonly hub: string;
  /** The token of whoever tries. */
  readonly token: string;
  readonly hubFolder: string;
  readonly inbound: string;
  /** The name under which the exchange holds what the prey handed in. */
  readonly submission: string;
  readonly teacher: string;
  readonly answers: string;
}

/** The cell; it prints an object: by attempt `reached` or `refused (why)`. */
export const spying = (prey: Prey): string => `
import fs from "node:fs";
import net from "node:net";
import { request } from "node:http";

const prey = ${JSON.stringify(prey)};
const found: Record<string, string> = {};

async function attempt(what: string, how: () => unknown): Promise<void> {
  try {
    const result = await how();
    found[what] = typeof result === "string" && result.startsWith("refused") ? result : "reached";
  } catch (error) {
    const { code, cause } = error as { code?: string; cause?: { code?: string } };
    found[what] = "refused (" + (code ?? cause?.code ?? String(error)) + ")";
  }
}

/** What the Hub or a server answers to the spy's token, or to none. */
async function ask(url: string, method = "GET", token = prey.token): Promise<string> {
  const headers = { Authorization: "token " + token, "Content-Type": "application/json" };
  const answer = await fetch(url, { method, headers, redirect: "manual", ...(method !== "GET" && { body: "{}" }) });
  await answer.arrayBuffer();
  const isLogin = answer.status === 302 && /\\/hub\\/(?:api\\/oauth2|login)/.test(answer.headers.get("location") ?? "");
  return answer.ok ? "reached" : isLogin ? "refused (302 to login)" : "refused (" + answer.status + ")";
}

/** Whether a WebSocket to the kernel opens. */
function channel(url: string): Promise<string> {
  return new Promise((done, fail) => {
    const headers = { Authorization: "token " + prey.token, Connection: "Upgrade", Upgrade: "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==" };
    const asked = request(url, { headers }, (answer) => {
      answer.resume();
      done("refused (" + answer.statusCode + ")");
    });
    asked.once("upgrade", (_answer, socket) => {
      socket.destroy();
      done("reached");
    });
    asked.once("error", fail).end();
  });
}

function connect(path: string): Promise<void> {
  return new Promise((done, fail) => {
    const socket = net.connect(path, () => {
      socket.destroy();
      done();
    });
    socket.once("error", fail);
  });
}

await attempt("list the home", () => fs.readdirSync(prey.home));
for (const [i, file] of prey.files.entries())
  await attempt("read file " + (i + 1), () => (fs.statSync(file).isDirectory() ? fs.readdirSync(file) : fs.readFileSync(file)));
await attempt("write into the home", () => fs.writeFileSync(prey.home + "/by-" + process.getuid!(), ""));
await attempt("read the connection file", () => fs.readFileSync(prey.connectionFile));
await attempt("open the kernel's socket", () => connect(prey.connectionFile.replace(/\\.json$/, "-ipc-1")));
for (const pid of prey.processes) {
  const which = pid === prey.processes[0] ? "server" : "kernel";
  await attempt("read the environment of the " + which, () => fs.readFileSync("/proc/" + pid + "/environ"));
  await attempt("read the memory of the " + which, () => fs.openSync("/proc/" + pid + "/mem", "r"));
  await attempt("stop the " + which, () => process.kill(pid, 0));
}
await attempt("kernels by the Hub", () => ask(prey.hub + "/user/" + prey.name + "/api/kernels"));
await attempt("files by the Hub", () => ask(prey.hub + "/user/" + prey.name + "/api/contents"));
await attempt("the kernel's channel by the Hub", () => channel(prey.hub + "/user/" + prey.name + "/api/kernels/" + prey.kernel + "/channels"));
await attempt("a new token", () => ask(prey.hub + "/hub/api/users/" + prey.name + "/tokens", "POST"));
await attempt("the server's state", () => ask(prey.hub + "/hub/api/users/" + prey.name));
for (const [i, port] of prey.ports.entries()) {
  const server = "http://127.0.0.1:" + port + "/user/" + prey.name;
  await attempt("server at port " + (i + 1) + ", with the token", () => ask(server + "/api/contents"));
  await attempt("server at port " + (i + 1) + ", without one", () => ask(server + "/api/contents", "GET", ""));
  await attempt("the kernel's channel at port " + (i + 1), () => channel(server + "/api/kernels/" + prey.kernel + "/channels"));
}
await attempt("the Hub's secrets", () => fs.readdirSync(prey.hubFolder));
await attempt("list what was handed in", () => fs.readdirSync(prey.inbound));
await attempt("a submission without its secret end", () => fs.readdirSync(prey.inbound + "/" + prey.submission.split("+").slice(0, 3).join("+")));
await attempt("list the feedback", () => fs.readdirSync(prey.inbound + "/../feedback"));
await attempt("the teacher's course", () => fs.readdirSync(prey.teacher + "/course/source"));
await attempt("the answers", () => fs.readdirSync(prey.answers));
console.log(JSON.stringify(found));
`;
