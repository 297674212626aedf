// The judge's program: loads hidden checks, draws cases and judges outputs. It never runs a learner's code.
import { check, runtime } from "residual";
import { openChannel } from "../learner/channel";
import { decode, encode, MESSAGE_DEPTH } from "../learner/wire";
import type { JudgeReply, JudgeRequest } from "./protocol";

/** Public checks are properties of no question. */
const PUBLIC = "public";

const loaded = new Map<string, readonly check.Question[]>();

function questionsOf(path: string): readonly check.Question[] {
  const known = loaded.get(path);
  if (known) return known;
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the path is known only now
  const found = require(path) as {
    questions?: readonly check.Question[];
    properties?: readonly check.Property[];
  };
  const questions = found.questions ?? [
    { id: PUBLIC, title: "", needs: [], properties: found.properties ?? [] },
  ];
  loaded.set(path, questions);
  return questions;
}

function propertyOf(request: Exclude<JudgeRequest, { op: "describe" }>): check.CaseProperty {
  const wanted = "question" in request ? request.question : PUBLIC;
  const question = questionsOf(request.hidden).find(({ id }) => id === wanted);
  const property = question?.properties.find(({ id }) => id === request.property);
  if (!property || "types" in property) throw new Error(`no cases of ${wanted}-${request.property}`);
  return property;
}

/** What a notebook's check says of one output, without its summary; null where it is right. */
async function exampleOf(property: check.CaseProperty, input: check.Plain, output: check.Output) {
  const finding = await property.judge(input, output);
  if (!finding) return null;
  const { id, title, points } = property;
  const { message } = check.report([{ id, title, points, finding, input }]);
  return message.split("\n").slice(1, -1).join("\n");
}

async function answer(request: JudgeRequest): Promise<JudgeReply> {
  try {
    if (request.op === "describe") return { questions: questionsOf(request.hidden).map(summary) };
    if (request.op === "cases") return { cases: propertyOf(request).cases(request.seed) };
    if (request.op === "publicCases") return { cases: propertyOf(request).cases(check.publicSeed) };
    if (request.op === "example")
      return { example: await exampleOf(propertyOf(request), request.input, request.output) };
    return { finding: (await propertyOf(request).judge(request.input, request.output)) ?? null };
  } catch (error) {
    const fault = error instanceof Error ? (error.stack ?? error.message) : String(error);
    // At the limit Node throws this where it can, and is ended where it cannot.
    const starved = error instanceof RangeError && error.message === "Array buffer allocation failed";
    return { fault: starved ? `the hidden checks need more memory than is allowed: ${fault}` : fault };
  }
}

function summary({ id, title, needs, seconds = 30, properties }: check.Question) {
  return {
    id,
    title,
    needs,
    seconds,
    properties: properties.map((property) => ({
      id: property.id,
      title: property.title,
      points: property.points,
      ...("types" in property ? { typed: { snippet: property.types, otherwise: property.otherwise } } : {}),
    })),
  };
}

async function main(): Promise<void> {
  const channel = openChannel();
  // Hidden checks may compute with tensors.
  await runtime.ready();
  for (let line = channel.read(); line !== undefined; line = channel.read()) {
    const { id, request } = decode(line, MESSAGE_DEPTH) as unknown as { id: string; request: JudgeRequest };
    channel.say(encode({ id, reply: await answer(request) }, MESSAGE_DEPTH));
  }
  process.exit(0);
}

void main();
