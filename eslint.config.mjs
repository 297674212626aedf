// Lint rules: typescript-eslint's strictest type-checked set, with the few exceptions argued for here.
import js from "@eslint/js";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

export default defineConfig(
  {
    ignores: [
      "**/dist/",
      "node_modules/",
      ".venv/",
      ".engine/",
      ".setup/",
      "site/",
      "slides/",
      "coverage/",
      // What learners handed in, and what grading wrote of it.
      "grades/",
      "submissions/",
      "exercises/",
      "runs/",
      // Numbers alone, which npm run exercises writes and its --check compares.
      "**/cases.ts",
      // Programs that the kernel runs as they are, wrong ones too.
      "test/corpus/",
    ],
  },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { project: "./tsconfig.json", tsconfigRootDir: import.meta.dirname } },
    rules: {
      // Numbers in messages are what messages are for.
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      // Array and shape indices that the loop bounds prove are asserted with `!`; noUncheckedIndexedAccess keeps the rest honest.
      "@typescript-eslint/no-non-null-assertion": "off",
      // `interface Options {}` extension points and tuple `type`s are both used on purpose.
      "@typescript-eslint/consistent-type-definitions": "off",
      "@typescript-eslint/consistent-type-imports": "error",
    },
  },
  {
    // A call's arguments lie on the stack, which some 120,000 of them overflow: fine for a few numbers, and it fails in the first long run.
    files: ["lib/**/*.ts", "kernel/**/*.ts", "tools/**/*.ts"],
    ignores: ["**/*.test.ts", "**/*.fixture.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        ...[
          "CallExpression[callee.object.name=/^(Math|String)$/] > SpreadElement",
          "CallExpression[callee.property.name=/^(push|unshift|splice|concat|apply)$/] > SpreadElement",
          "CallExpression[callee.property.name='apply']",
        ].map((selector) => ({
          selector,
          message:
            "An array of any length must not become arguments: use highest(), lowest() or norm() of lib/numeric, or a loop.",
        })),
      ],
    },
  },
  {
    // The core runs in a browser too: nothing of Node outside runtime/ and the file-system half.
    files: ["lib/**/*.ts"],
    ignores: [
      "lib/runtime/**",
      "lib/sweep/worker.ts",
      "lib/**/*.node.ts",
      "lib/**/*.test.ts",
      "lib/**/*.fixture.ts",
    ],
    rules: {
      "no-restricted-imports": ["error", { patterns: ["node:*", "fs", "path", "os"] }],
      "no-restricted-globals": ["error", "process", "Buffer", "__dirname", "window", "document", "require"],
    },
  },
  {
    // A notebook's last expression is its output, and its cells are read one at a time.
    files: ["notebooks/*.ts", "solutions/*/notebook.ts"],
    rules: { "@typescript-eslint/no-unused-expressions": "off" },
  },
  {
    // What a reader has still to write awaits nothing yet.
    files: ["notebooks/*.ts"],
    rules: { "@typescript-eslint/require-await": "off" },
  },
  {
    // Runs in a reader's browser as it stands.
    files: ["tools/start/jupyter/labextensions/**/*.js", "tools/site/*.js"],
    ...tseslint.configs.disableTypeChecked,
    languageOptions: {
      // "use strict" makes a script of one; the other is a module.
      sourceType: "module",
      parserOptions: { project: false },
      globals: {
        document: "readonly",
        window: "readonly",
        Plotly: "readonly",
        Reveal: "readonly",
        IntersectionObserver: "readonly",
        MutationObserver: "readonly",
        ResizeObserver: "readonly",
        setTimeout: "readonly",
        clearTimeout: "readonly",
        URL: "readonly",
      },
    },
  },
  {
    // Node's `--require` takes nothing else.
    files: ["**/*.cjs"],
    languageOptions: {
      sourceType: "commonjs",
      globals: { process: "readonly", require: "readonly", __dirname: "readonly", __filename: "readonly" },
    },
    rules: { "@typescript-eslint/no-require-imports": "off" },
  },
  {
    files: ["**/*.mjs"],
    languageOptions: {
      globals: { process: "readonly", console: "readonly", URL: "readonly", setTimeout: "readonly" },
    },
  },
);
