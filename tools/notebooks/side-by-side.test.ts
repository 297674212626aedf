// Tasks side by side: never more than fit, in order, and none after a failure.
import { describe, expect, test } from "vitest";
import { sideBySide } from "./side-by-side";

/** Runs tasks of given needs; notes how many ran at once and how much they needed together. */
async function observe(needs: readonly number[], jobs: number, memory: number, failing = -1) {
  const seen = { began: [] as number[], stopped: [] as number[], atOnce: 0, together: 0 };
  let running: number[] = [];
  const tasks = needs.map((need, index) => ({ need, index }));
  await sideBySide(tasks, {
    jobs,
    memory,
    need: (task) => task.need,
    async run({ need, index }, signal) {
      seen.began.push(index);
      running.push(need);
      seen.atOnce = Math.max(seen.atOnce, running.length);
      seen.together = Math.max(
        seen.together,
        running.reduce((a, b) => a + b, 0),
      );
      await new Promise((resolve) => setTimeout(resolve, index === failing ? 1 : 10));
      running = running.filter((_, i) => i !== running.indexOf(need));
      if (signal.aborted) seen.stopped.push(index);
      return index !== failing;
    },
  });
  return seen;
}

describe("sideBySide()", () => {
  test("sideBySide() runs every task in order, as many at once as jobs", async () => {
    const { began, atOnce } = await observe([1, 1, 1, 1, 1], 2, 100);
    expect(began).toEqual([0, 1, 2, 3, 4]);
    expect(atOnce).toBe(2);
  });

  test("sideBySide() waits for memory, and runs a task that never fits alone", async () => {
    expect(await observe([3, 3, 3], 3, 6)).toMatchObject({ atOnce: 2, together: 6 });
    expect(await observe([9, 1, 9], 3, 6)).toMatchObject({ began: [0, 1, 2], atOnce: 1 });
  });

  test("sideBySide() begins nothing after a failure and tells what runs to stop", async () => {
    const { began, stopped } = await observe([1, 1, 1, 1], 2, 100, 0);
    expect(began).toEqual([0, 1]);
    expect(stopped).toEqual([1]);
  });

  test("sideBySide() throws what a task throws, once the others have ended", async () => {
    const ended: number[] = [];
    const series = sideBySide([0, 1], {
      jobs: 2,
      memory: 1,
      need: () => 0,
      async run(task) {
        if (task === 0) throw new Error("no Python");
        await new Promise((resolve) => setTimeout(resolve, 10));
        ended.push(task);
        return true;
      },
    });
    await expect(series).rejects.toThrow("no Python");
    expect(ended).toEqual([1]);
  });

  test("sideBySide() begins nothing when it is stopped before", async () => {
    const stop = new AbortController();
    stop.abort();
    let began = 0;
    await sideBySide([1, 2], { jobs: 1, memory: 1, need: () => 0, run: () => Promise.resolve(++began > 0), signal: stop.signal }); // prettier-ignore
    expect(began).toBe(0);
  });
});
