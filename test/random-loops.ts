// Random programs about loops at top level: what they assign to, and who else sees it.
import fc from "fast-check";

/** Numbers from which a statement makes its parts. */
interface Seeds {
  readonly kind: number;
  readonly p: number;
  readonly q: number;
  readonly inner: readonly Seeds[];
}

const seeds = (depth: number): fc.Arbitrary<Seeds> =>
  fc.record({
    kind: fc.nat(31),
    p: fc.nat(20),
    q: fc.nat(20),
    inner: depth === 0 ? fc.constant([]) : fc.array(seeds(depth - 1), { maxLength: 4, size: "max" }),
  });

/** A program whose names end with `suffix`, so that it is the only one of its session that names them. */
function program(suffix: string, all: readonly Seeds[], shares: number): string {
  const [a, b, c, t, v, k] = ["a", "b", "c", "t", "v", "k"].map((name) => name + suffix) as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const number = (n: number): string => [a, b, c, v, String(n), `(${a} + ${String(n)})`, `${b} * 3`][n % 7]!;
  const shared = shares % 2 === 1;
  let locals = 0;

  /** A loop's body; it ends the loop where another over the same variable would have it go on for ever. */
  const block = ({ inner }: Seeds, depth: number): string =>
    `{ if (turns${suffix}++ > 300) break; ${inner.map((one) => statement(one, depth + 1)).join(" ")} }`;

  const loop = (one: Seeds, depth: number): string => {
    const i = `i${String(locals++)}`;
    const body = block(one, depth);
    const count = String((one.p % 4) + 1);
    return [
      `for (let ${i} = 0; ${i} < ${count}; ${i}++) ${body}`,
      `for (${v} = 0; ${v} < ${count}; ) { ${v}++; ${body} }`,
      `for (var w${i}${suffix} = 0, ${i}${suffix} = 0; ${i}${suffix}++ < ${count}; ) { w${i}${suffix} += ${i}${suffix}; ${body} }`,
      `for (${c} of [1, ${number(one.q)}]) ${body}`,
      `for (const ${i} of [${number(one.p)}, 2]) { ${b} += ${i}; ${body} }`,
      `for (${t} in { x: 1, y: 2 }) ${body}`,
      `{ let ${i} = 0; while (${i}++ < ${count}) ${body} }`,
      `{ let ${i} = 0; do { ${body} } while (${i}++ < ${count}); }`,
      `outer${i}: for (let ${i} = 0; ${i} < 4; ${i}++) for (const j of [1, 2, 3]) { if ((${a} + j) % 3 === ${String(one.q % 3)}) ${one.p % 2 ? "continue" : "break"} outer${i}; ${body} }`,
      `for ([${a}, ${b}] of [[1, 2], [3, ${number(one.q)}]] as [number, number][]) ${body}`,
    ][one.q % 10]!;
  };

  function statement(one: Seeds, depth: number): string {
    const { kind, p, q } = one;
    const inLoop = depth > 0;
    const all = [
      () => `${a} = (${a} + ${number(p)}) % 1009;`,
      () => `${b} = (${number(q)} * 2 + 1) % 97;`,
      () => `${c}++;`,
      () => `${c} += ${b}--;`,
      () => `${t} += "x" + ${number(p)}; ${t} = ${t}.slice(-20);`,
      () => `[${a}, ${b}] = [${b}, ${a} % 1009];`,
      () => `({ ${a}, x: ${c} = ${number(p)} } = { ${a}: ${b} } as { ${a}: number; x?: number });`,
      () => `console.log(${a}, ${b}, ${c}, ${t});`,
      () => (inLoop ? `if (${number(p)} % 3 === ${String(q % 3)}) break;` : ""),
      () => (inLoop ? `if (${number(p)} % 2 === ${String(q % 2)}) continue;` : ""),
      () => `if (${number(p)} > ${String(q * 9)}) throw new RangeError("at " + ${a});`,
      () => `{ let ${a} = ${String(q)}; ${a}++; ${c} += ${a}; }`,
      () =>
        `try { ${b} += 1; ${p % 3 ? "" : 'throw new Error("in");'} ${a}--; } catch { ${c} = ${a}; } finally { ${t} += "f"; }`,
      () =>
        `// @ts-expect-error -- a constant\n try { ${k} = ${a}++; } catch (error) { console.log(String(error), ${a}); }`,
      () => `console.log(typeof ${a}, typeof ${t}, ${v});`,
      () => `calls.push(() => ${String(q)});`,
      () =>
        `switch (${a} % 3) { case 0: ${b}++; case 1: ${c}--; break; default: { const ${b} = 5; ${c} += ${b}; } }`,
      () => `${a} ||= ${number(p)}; ${b} &&= ${number(q)}; ${v} ??= 3;`,
      () => `${a} = show(${a}, ${b} = (${b} + 1) % 89);`,
      () => `{ const before = ${c}; ${c} = before * 2 % 101; }`,
      () => (q % 4 === 0 ? `await null;` : `${c} = ${c} % 1009;`),
      () => (shared ? `${b} = write${suffix}(${number(p)}) + ${a};` : `${b} = ${b} % 1009;`),
      () => (shared ? `${a} += read${suffix}();` : `${a} = ${a} % 1009;`),
      () => (shared ? `${c} += holder${suffix}.${a};` : `${c} = ${c} % 1009;`),
      () => (shared ? `${c} += +\`\${holder${suffix}}\`;` : `${v} = ${v} % 1009;`),
      () => `{ const ${t} = ${number(p)}; calls.push(() => ${t}); }`,
    ];
    const made = kind < all.length ? all[kind]! : undefined;
    return made ? made() : depth < 3 ? loop(one, depth) : `${a}++;`;
  }

  const sharing = [
    `const read${suffix} = (): number => ${a} % 1009;`,
    `function write${suffix}(n: number): number { ${a} = (${a} + n) % 1009; return ${b}; }`,
    `const holder${suffix} = { get ${a}() { return ${c}; }, toString() { ${b} = 7; return String(${a}); } };`,
  ];
  return [
    `let ${a} = 1, ${b} = 2; let ${c} = 3;`,
    `let ${t} = ""; var ${v}: number = 0; const ${k} = 1; let turns${suffix} = 0;`,
    `const calls: (() => number)[] = []; const show = (n: number, m: number): number => (n + m) % 1009;`,
    ...(shared ? sharing : []),
    ...all.map((one, i) => (i % 2 === 0 ? loop(one, 0) : statement(one, 0))),
    `console.log(${a}, ${b}, ${c}, ${t}, ${v}, calls.map((call) => call()));`,
  ]
    .filter((line) => line !== "")
    .join("\n");
}

let programs = 0;

/** A random program about loops. */
export const randomLoops: fc.Arbitrary<string> = fc
  .tuple(fc.array(seeds(3), { minLength: 1, maxLength: 6, size: "max" }), fc.nat(3))
  .map(([all, shares]) => program(`_${String(programs++)}`, all, shares));
