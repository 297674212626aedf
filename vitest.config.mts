// `npm test` runs three suites: `unit` sits beside the code and needs only the engine; `course` drives the real Jupyter and a real Chromium, and so does
// `alone`, whose files either assert times or keep every core busy by themselves.
import { defineConfig } from "vitest/config";

/** One file at a time: a neighbour would be measured with them, or would starve. */
const ALONE = [
  "test/course.test.ts",
  "test/grading.test.ts",
  "test/kernel-clients.test.ts",
  "test/kernel-interrupts.test.ts",
];

const conditions = ["residual-source", "node", "import", "module", "default"];

const shared = {
  pool: "forks" as const,
  // TensorFlow uses every core by itself; two files at a time keep both cores busy without starving either.
  maxWorkers: 2,
  // Limits for what hangs, not for what is slow: proving all exercises takes a minute on a busy machine.
  testTimeout: 300_000,
  hookTimeout: 300_000,
};

const jupyter = { testTimeout: 600_000, hookTimeout: 600_000 };

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
          ...jupyter,
          name: "course",
          include: ["test/**/*.test.ts"],
          exclude: ALONE,
          // A kernel computes while its client waits and the other way round: two files leave a part of two cores idle.
          maxWorkers: 3,
          // Projects with other numbers of workers need another group.
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          ...shared,
          ...jupyter,
          name: "alone",
          include: ALONE,
          maxWorkers: 1,
          maxConcurrency: 2,
        },
      },
      {
        // `npm run test:slurm`: not in `npm test`, since it starts daemons that a machine may have already.
        extends: true,
        test: { ...shared, name: "cluster", include: ["test/*.cluster.ts"] },
      },
      {
        // `npm run test:systemd`: not in `npm test`, because containers have no systemd.
        extends: true,
        test: { ...shared, name: "systemd", include: ["test/*.systemd.ts"], maxWorkers: 1 },
      },
      {
        // `npm run test:newcomer`: not in `npm test`, because it needs root, a Debian that is downloaded, and everything that setup downloads.
        extends: true,
        test: {
          ...shared,
          name: "newcomer",
          include: ["test/*.newcomer.ts"],
          execArgv: ["--experimental-websocket"],
          testTimeout: 1_800_000,
          hookTimeout: 1_800_000,
          bail: 1,
        },
      },
      {
        // `npm run test:classroom`: not in `npm test`, because it needs root, and minutes of every core.
        extends: true,
        test: {
          ...shared,
          name: "classroom",
          include: ["test/*.classroom.ts"],
          // Node 20 has a WebSocket, and wants to be asked.
          execArgv: ["--experimental-websocket"],
          testTimeout: 3_600_000,
          hookTimeout: 1_800_000,
          bail: 1,
        },
      },
    ],
  },
});
