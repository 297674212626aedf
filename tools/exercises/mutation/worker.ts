// One process of the mutation testing: tries the mutants of the answers that it is sent, and says of each how it came out.
import { runtime } from "residual";
import { prepare, type Task, type Verdict } from "./trial";

/** What a worker is sent: an answer, and from which of its mutants on. */
export interface Order {
  readonly task: Task;
  readonly from: number;
}

/** What it sends: how many mutants there are, that it begins with one, what came of it, that all are done, or why nothing came. */
export type News =
  | { readonly count: number; readonly milliseconds: number }
  | { readonly begins: number }
  | Verdict
  | "done"
  | { readonly problem: string };

const tell = (news: News): void => {
  process.send!(news);
};

// A mutant may leave a promise that nobody waits for: what it gives is judged all the same.
process.on("unhandledRejection", () => undefined);

async function carryOut({ task, from }: Order): Promise<void> {
  await runtime.ready();
  const { count, milliseconds, verdict } = await prepare(task);
  tell({ count, milliseconds });
  for (let index = from; index < count; index++) {
    tell({ begins: index });
    tell(await verdict(index));
  }
  tell("done");
}

process.on("message", (order: Order) => {
  carryOut(order).catch((error: unknown) => {
    tell({ problem: error instanceof Error ? error.message : String(error) });
  });
});
