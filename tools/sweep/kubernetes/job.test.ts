import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import type { train } from "residual";
import { expect, test } from "vitest";
import { kubernetesJob, usualImage, type KubernetesOptions } from "./job";

const schema = JSON.parse(readFileSync(join(__dirname, "job-v1.33.schema.json"), "utf8")) as object;
// Kubernetes' description has words of its own (x-kubernetes-...) and formats such as int64.
const isJob = new Ajv2020({ strict: false, validateFormats: false, allErrors: true }).compile(schema);

const root = resolve(__dirname, "../../..");
const what: train.Sweep = {
  networks: [{ model: "cifarResNet", options: { depth: 8 } }],
  data: { name: "fashion-mnist-sample" },
  recipe: { steps: 1 },
  seeds: [1, 2, 3],
};
const place = (folder: string, count = 3) => ({
  file: join(folder, "sweep.json"),
  folder,
  what,
  runs: Array.from({ length: count }, (_, i) => ({ checkpoint: join(folder, `${i}.safetensors`) })),
});
const usual: KubernetesOptions = {
  claim: "shared",
  mount: root,
  image: usualImage,
  memory: "2Gi",
  retries: 6,
};
const job = (folder = join(root, "runs"), options: Partial<KubernetesOptions> = {}, count?: number) =>
  kubernetesJob(place(folder, count), { ...usual, ...options });

const podOf = ({ spec }: ReturnType<typeof job>) => spec.template.spec;
const containerOf = (made: ReturnType<typeof job>) => podOf(made).containers[0]!;

/** What Kubernetes makes of a word of a command: `$(NAME)` is the variable's value, `$$` a dollar. */
const expanded = (word: string, variables: Readonly<Record<string, string>>): string =>
  word.replaceAll(/\$\$|\$\(([^()]+)\)/g, (found, name?: string) =>
    name === undefined ? "$" : (variables[name] ?? found),
  );

test("kubernetesJob() is what Kubernetes 1.33 takes for a Job, and each pod is told its own run", () => {
  const paths = fc.array(fc.stringMatching(/^[\w .$()'"-]{1,12}$/), { maxLength: 3 });
  const options = fc.record(
    {
      claim: fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,20}[a-z0-9])?$/),
      memory: fc.constantFrom("500Mi", "2Gi", "1.5G"),
      retries: fc.nat(20),
      parallel: fc.integer({ min: 1, max: 200 }),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(paths, options, fc.integer({ min: 1, max: 300 }), fc.nat(299), (names, asked, count, run) => {
      const folder = join(root, "runs", ...names.map((name) => name.replace(/^\.+$/, "dots")));
      const made = JSON.parse(JSON.stringify(job(folder, asked, count))) as ReturnType<typeof job>;
      expect(isJob(made), JSON.stringify(isJob.errors)).toBe(true);
      expect(made.spec.completions).toBe(count);
      const { command, env } = containerOf(made);
      const words = command.map((word) => expanded(word, { [env[0]!.name]: String(run) }));
      expect(words.slice(-6)).toEqual(["--folder", folder, "--workers", "1", "--only", String(run)]);
      expect(words).toContain(join(folder, "sweep.json"));
    }),
    { numRuns: 60 },
  );
});

test("the schema refuses a field that Kubernetes does not know, and a wrong kind of value", () => {
  const { spec, ...rest } = job();
  expect(isJob({ ...rest, spec: { ...spec, backoffLimitByIndex: 6 } })).toBe(false);
  expect(isJob({ ...rest, spec: { ...spec, completions: "3" } })).toBe(false);
  expect(isJob({ ...rest, spec: { ...spec, template: undefined } })).toBe(false);
});

test("kubernetesJob() keeps what the schema cannot say: retries by index need an Indexed Job whose pods are not restarted in place", () => {
  const { metadata, spec } = job();
  expect(spec).toMatchObject({ completionMode: "Indexed", backoffLimitPerIndex: 6, parallelism: 3 });
  expect(podOf(job()).restartPolicy).toBe("Never");
  // A pod's host name, NAME-INDEX, has at most 63 letters.
  expect(`${metadata.name}-99999`).toMatch(/^[a-z0-9-]{1,63}$/);
  expect(job(undefined, { parallel: 2 }).spec.parallelism).toBe(2);
});

test("kubernetesJob() hands no secret to a pod, and no more rights than who submits has", () => {
  const made = job();
  expect(podOf(made).automountServiceAccountToken).toBe(false);
  expect(podOf(made).volumes).toEqual([{ name: "shared", persistentVolumeClaim: { claimName: "shared" } }]);
  expect(JSON.stringify(made)).not.toMatch(/secret|configMap|hostPath|privileged":true/i);
  expect(containerOf(made).env.map(({ name }) => name)).toEqual(["RESIDUAL_RUN"]);
  expect(containerOf(made).securityContext.allowPrivilegeEscalation).toBe(false);
  expect(podOf(made).securityContext.runAsUser).toBe(process.getuid!());
});

test("kubernetesJob() has the same name for the same runs, and another for others", () => {
  expect(job().metadata.name).toBe(job(undefined, { memory: "3Gi" }).metadata.name);
  expect(job(join(root, "other")).metadata.name).not.toBe(job().metadata.name);
});

test("kubernetesJob() refuses what Kubernetes would not take, and names the option", () => {
  const refused: [Partial<KubernetesOptions>, string][] = [
    [{ claim: "My_Claim" }, "--claim must be a PersistentVolumeClaim's name; got My_Claim"],
    [{ mount: "/" }, "--mount must be an absolute path without a colon; got /"],
    [{ image: "node 22" }, "--image must be a container image, such as node:22-bookworm; got node 22"],
    [{ memory: "2 GB" }, "--memory must be a size as Kubernetes writes it, such as 2Gi; got 2 GB"],
    [{ retries: -1 }, "--retries must be a whole number of at least 0; got -1"],
    [{ parallel: NaN }, "--parallel must be a whole number of at least 1; got NaN"],
  ];
  for (const [options, message] of refused) expect(() => job(undefined, options)).toThrow(message);
});

test("kubernetesJob() refuses a path that pods would not see", () => {
  expect(() => job("/elsewhere/runs")).toThrow(`FILE must be on the volume that pods see at --mount ${root}; it is /elsewhere/runs/sweep.json`); // prettier-ignore
  expect(() => job(undefined, { mount: `${root}-2` })).toThrow("this repository must be on the volume");
  const own = { ...place(join(root, "runs")), what: { ...what, networks: [{ module: "/home/me/net.js" }] } };
  expect(() => kubernetesJob(own, usual)).toThrow("a network's module must be on the volume");
});
