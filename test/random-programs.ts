// Random small programs: declarations, patterns, closures, loops, classes, errors and waiting, all over numbers.
import fc from "fast-check";

/** Names of variables; some are what a kernel could want for itself. */
const pool = ["a", "b", "kernel", "cell", "result", "$", "_", "module", "exports", "value", "état", "x1"];

/** Numbers from which a step makes its parts. */
interface Seeds {
  readonly p: number;
  readonly q: number;
  readonly r: number;
}

const pick = <T>(list: readonly T[], seed: number): T | undefined => list[seed % Math.max(1, list.length)];

/** Statements by which a `var` is declared again, with another value or the one that it has. */
const redeclarations = (name: string, next: string): string[] => [
  `var ${name}: number;`,
  `var ${name}: number = ${next};`,
  `var { ${name} } = { ${name}: ${next} };`,
  `if (${name} > 3) { var ${name} = ${next}; }`,
  `for (var ${name} = ${next}; ${name} > 50; ${name} -= 20);`,
  `for (var ${name} of [${name}, ${next}]) console.log(${name});`,
];

/** Writes a program step by step; what its statements name exists and is a number, unless its list says otherwise. */
class Writer {
  readonly lines: string[] = [];
  readonly #used = new Set<string>();
  /** Variables, and those of them that may be set. */
  readonly #read: string[] = [];
  readonly #set: string[] = [];
  /** Functions from a number to a number; those that wait; classes made from a number, with a method `get`. */
  readonly #functions: string[] = [];
  readonly #async: string[] = [];
  readonly #classes: string[] = [];
  /** Those of the variables that may be declared again. */
  readonly #vars: string[] = [];

  /** A name that is free: a module declares each once. */
  #name(seed: number, list?: string[]): string {
    const free = pool.filter((name) => !this.#used.has(name));
    const name = pick(free, seed) ?? `n${String(this.#used.size)}`;
    this.#used.add(name);
    list?.push(name);
    return name;
  }

  /** An expression; values stay small and whole. */
  #value({ p, q, r }: Seeds, depth = 0): string {
    const variable = pick(this.#read, p);
    if (variable === undefined || r % 5 === 0) return String((p % 19) - 4);
    if (depth > 1 || r % 5 === 1) return variable;
    const inner = this.#value({ p: q + 1, q: r + 2, r: p + 3 }, depth + 1);
    const [f, C] = [pick(this.#functions, q), pick(this.#classes, q)];
    if (r % 5 === 2 && f !== undefined) return `${f}(${inner})`;
    if (r % 5 === 3 && C !== undefined) return `new ${C}(${variable}).get()`;
    return `((${variable} ${pick(["+", "-", "*"], q)!} ${inner}) % 1009)`;
  }

  /** The statement of a kind, as one line or several; none where it needs what the program does not have yet. */
  step(kind: number, seeds: Seeds): void {
    const { p, q, r } = seeds;
    const [x, y] = [this.#value(seeds), this.#value({ p: r, q: p, r: q })];
    const target = pick(this.#set, q);
    /** A statement that changes a variable, if there is one that may be. */
    const change = target === undefined ? "" : `${target} = (${target} * 2 + 1) % 97;`;
    const isSet = r % 2 === 0;
    const word = isSet ? "let" : "const";
    const declared = (...names: string[]): void => {
      for (const list of isSet ? [this.#read, this.#set] : [this.#read]) list.push(...names);
    };
    const statements: (() => string | undefined)[] = [
      () => {
        const v = this.#name(p);
        declared(v);
        return `${word} ${v}: number = ${x};`;
      },
      () => {
        const [v, w] = [this.#name(p), this.#name(q)];
        declared(v, w);
        if (isSet) this.#vars.push(v, w);
        return `${isSet ? "var" : "const"} ${v}: number = ${x}, ${w}: number = ${v} + ${y};`;
      },
      () => {
        const [v, w, rest] = [this.#name(p), this.#name(q), this.#name(r)];
        declared(v, w);
        const source = p % 2 ? `{ p: ${y}, z: 1 }` : "{ z: 2 }";
        const pattern = `{ p: ${v} = ${x}, q: ${w} = ${v} - 1, ...${rest} }`;
        return `${word} ${pattern} = ${source} as { p?: number; q?: number };\nconsole.log(${rest});`;
      },
      () => {
        const [v, w, rest] = [this.#name(p), this.#name(q), this.#name(r)];
        declared(v, w);
        const source = `[${x}, ${p % 2 ? "undefined" : y}, 3, 4] as number[]`;
        return `${word} [${v}, ${w} = ${v} * 2, ...${rest}] = ${source};\nconsole.log(${rest});`;
      },
      () => target && `${target} ${pick(["=", "+=", "-="], p)!} ${x};`,
      () => {
        const local = pick(pool, r)!;
        const f = this.#name(p);
        this.#functions.push(f);
        const body = `${local === target ? "" : change} const ${local} = n; return (${local} + m) % 1009;`;
        return `function ${f}(n: number, m = ${x.includes(local) ? "2" : x}): number { ${body} }`;
      },
      () => {
        const f = this.#name(p);
        this.#functions.push(f);
        const body = `try { if (n > ${x}) throw n; return ${y}; } catch (e) { return Number(e) % 1009; } finally { ${change} }`;
        return `const ${f} = (n: number): number => { ${body} };`;
      },
      () => {
        const [f, i] = [this.#name(p), this.#name(q)];
        const head = `${p % 2 ? "let" : "var"} ${i} = 0; ${i} < ${String((q % 3) + 1)}; ${i}++`;
        const loop = `for (${head}) ${f}.push(() => ${i} + ${x});`;
        return `const ${f}: (() => number)[] = [];\n${loop}\nconsole.log(${f}.map((call) => call()));`;
      },
      () => {
        const tests = `if (j! > ${y}) continue outer; ${p % 2 ? "await null;" : ""} if (k > 2) break outer;`;
        const inner = `for (const [j, k = i] of [[${x}], [1, 2]] as number[][])`;
        return `outer: for (let i = 0; i < 4; i++) ${inner} { ${tests} ${change} console.log(i, j); }`;
      },
      () => {
        const base = pick(this.#classes, q);
        const C = this.#name(p, this.#classes);
        if (base === undefined)
          return `class ${C} { #n = ${x}; constructor(readonly v: number) {} get(): number { return (this.v + this.#n) % 1009; } }`;
        return `class ${C} extends ${base} { #n = ${x}; override get(): number { return (super.get() + this.#n) % 1009; } }`;
      },
      () => {
        const test = `if (${x} >= ${y}) throw new RangeError(String(${y})); console.log("kept");`;
        const ends = `catch (error) { console.log(String(error)); } finally { console.log("finally", ${x}); }`;
        return `try { ${change} ${test} } ${ends}`;
      },
      () => {
        const v = this.#name(p);
        declared(v);
        return `${word} ${v}: number = ${x} + (await Promise.resolve(${y}));`;
      },
      () => {
        const f = this.#name(p, this.#async);
        return `async function ${f}(n: number): Promise<number> { await null; ${change} return (n + ${x}) % 1009; }`;
      },
      () => {
        const f = pick(this.#async, p);
        return f && `console.log(await ${f}(${x}), (await Promise.all([${f}(1), ${f}(${y})])).length);`;
      },
      () =>
        `switch (Math.abs(${x}) % 3) { case 0: ${change} case 1: console.log("one"); break; default: { const t = ${y}; console.log(t); } }`,
      () => {
        const [v, w] = this.#set;
        return w && `[${v!}, ${w}] = [${w}, ${v!}];`;
      },
      () => {
        const g = this.#name(p);
        const body = `for (let i = 0; i < 3; i++) yield (i + n + ${x}) % 1009;`;
        return `function* ${g}(n: number) { ${body} }\nconsole.log([...${g}(${y})], Math.max(...${g}(1)));`;
      },
      () => {
        const o = this.#name(p);
        const object = `{ k: ${x}, get g() { return this.k + 1; }, m(n: number) { return n + this.k; } }`;
        return `const ${o} = ${object};\n${o}.k += ${y};\nconsole.log(${o}.g, ${o}.m(1), { ...${o} }.k);`;
      },
      () => {
        const v = pick(this.#read, p);
        return (
          v && `{ let ${v} = ${String(q % 7)}; ${v}++; console.log(((${v}: number) => ${v} + 1)(${v})); }`
        );
      },
      () => {
        const v = this.#read.find((one) => !this.#set.includes(one));
        const setting = `try { ${v!} = 1; } catch (error) { console.log((error as Error).message); }`;
        return v && `// @ts-expect-error -- at run time too\n${setting}`;
      },
      () => (p % 3 === 0 ? `throw new RangeError("at " + ${x});` : undefined),
      () => {
        const again = pick(this.#vars, p);
        if (again !== undefined) return pick(redeclarations(again, `(${again} * 2 + ${y}) % 97`), r);
        const v = this.#name(p, this.#vars);
        for (const list of [this.#read, this.#set]) list.push(v);
        return `var ${v}: number = ${x};`;
      },
      () => {
        // One part: in a session the later parts of another program's enum would go on with this one.
        const E = this.#name(q);
        const members = `first = ${String(q % 9)}, second = first * 2 + ${E}.first, third`;
        return `enum ${E} { ${members} }\nconsole.log(${E}.third, ${E});`;
      },
      () => `console.log(\`\${${x}} \${[${this.#read.slice(-3).join(", ")}]}\`);`,
    ];
    const line = pick(statements, kind)!();
    if (line !== undefined && line !== "") this.lines.push(line);
  }

  /** The program; its last statement prints what every variable holds. */
  end(): string {
    return [...this.lines, `console.log(${this.#read.join(", ")});`].join("\n");
  }
}

/** A random program. */
export const randomProgram: fc.Arbitrary<string> = fc
  .array(fc.tuple(fc.nat(23), fc.record({ p: fc.nat(40), q: fc.nat(40), r: fc.nat(40) })), {
    minLength: 1,
    maxLength: 14,
    size: "max",
  })
  .map((steps) => {
    const writer = new Writer();
    for (const [kind, seeds] of steps) writer.step(kind, seeds);
    return writer.end();
  });
