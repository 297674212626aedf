// A replayed run beside its record: the same bits, bits that may differ, and bits that may not.
import type { train } from "residual";
import { describe, expect, it } from "vitest";
import { compareRuns } from "./compare";

type Change = { accuracy?: number; weights?: string; loss?: number; processor?: string; built?: string; images?: string }; // prettier-ignore

/** As much of a record as is compared. */
function record({
  accuracy = 0.9,
  weights = "w",
  loss = 1,
  processor = "p",
  built = "b",
  images = "i",
}: Change = {}) {
  return {
    data: { train: images },
    curves: { epochs: { loss: [loss] }, updates: { each: 1, fingerprint: String(loss) } },
    metrics: { train: { accuracy: 1, loss: 0 }, test: { accuracy, loss: 0.3 } },
    testCorrect: String(accuracy),
    checkpoint: { weights },
    sessions: [
      {
        machine: { processor, architecture: "x64", instructions: ["avx2"], system: "linux", cores: 2 },
        engine: { backend: "tensorflow" },
        code: { built },
      },
    ],
  } as unknown as train.RunRecord;
}
const others = [0.9, 0.905, 0.895, 0.902].map((accuracy) => record({ accuracy }));

describe("compareRuns()", () => {
  it("calls the same bits the same, wherever they were made", () => {
    expect(compareRuns(record(), record(), []).outcome).toBe("same");
    expect(compareRuns(record(), record({ processor: "q" }), []).outcome).toBe("same");
  });

  it("calls other bits different where nothing explains them, and names the first place", () => {
    const { outcome, because } = compareRuns(record(), record({ weights: "v" }), others);
    expect(outcome).toBe("different");
    expect(because).toMatch(/^the weights differs, though processor, engine and build are the same/);
    expect(compareRuns(record(), record({ images: "j", loss: 2 }), others).because).toContain("the images");
  });

  it("takes images for the same in whatever order a file has their fields", () => {
    const [fromFile, again] = [record(), record({ accuracy: 0.903, loss: 1.1, processor: "q" })].map(
      (one, i) => {
        const [train, test] = [{ images: 2 }, { images: 1 }];
        return { ...one, data: i === 0 ? { test, train } : { train, test } } as unknown as train.RunRecord;
      },
    );
    expect(compareRuns(fromFile!, again!, others).outcome).toBe("like another seed");
  });

  it("goes by the scatter of other seeds where processor or build is another", () => {
    const close = compareRuns(record(), record({ accuracy: 0.903, loss: 1.1, processor: "q" }), others);
    expect(close.outcome).toBe("like another seed");
    expect(close.because).toContain("since the processor is another");
    const far = compareRuns(record(), record({ accuracy: 0.8, built: "c" }), others);
    expect(far.outcome).toBe("different");
    expect(compareRuns(record(), record({ accuracy: 0.8, built: "c" }), []).outcome).toBe("undecided");
  });
});
