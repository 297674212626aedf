// Two suites: `unit` sits beside the code and needs only the engine; `course` drives the real Jupyter and a real Chromium.
import { defineConfig } from "vitest/config";

const conditions = ["residual-source", "node", "import", "module", "default"];

const shared = {
  pool: "forks" as const,
  // TensorFlow uses every core by itself; two files at a time keep both cores busy without starving either.
  maxWorkers: 2,
  // Limits for what hangs, not for what is slow: proving all exercises takes a minute on a busy machine.
  testTimeout: 300_000,
  hookTimeout: 300_000,
};

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    projects: [
      {
        extends: true,
        test: {
          ...shared,
          name: "unit",
          include: ["lib/**/*.test.ts", "kernel/**/*.test.ts", "tools/**/*.test.ts"],
          exclude: ["**/dist/**", "**/node_modules/**"],
          env: { TF_CPP_MIN_LOG_LEVEL: "2" },
        },
      },
      {
        extends: true,
        test: {
          ...shared,
          name: "course",
          include: ["test/**/*.test.ts"],
          maxWorkers: 1,
          maxConcurrency: 2,
          testTimeout: 600_000,
          hookTimeout: 600_000,
        },
      },
    ],
  },
});
