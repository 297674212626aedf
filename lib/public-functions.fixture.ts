// Every public function that takes options, as the compiler's types of the library's index tell: a new one is found by itself.
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

/** A parameter of options. */
export interface OptionsParameter {
  /** The function, such as `plot.lines`; a method is `nn.Network#summary`. */
  readonly path: string;
  /** Every option by name. */
  readonly names: readonly string[];
  /** Those without which it cannot be called. */
  readonly needed: readonly string[];
  /** The words that options take which are one of several words, or one and something else; not those that take any text. */
  readonly words: Readonly<Record<string, readonly string[]>>;
  /** Options that are a number and nothing else. */
  readonly numbers: readonly string[];
  /** Options that are true or false and nothing else. */
  readonly switches: readonly string[];
}

const library = dirname(fileURLToPath(import.meta.url));

/** Reads the types; takes some seconds. */
export function optionsParameters(): readonly OptionsParameter[] {
  const config = ts.readConfigFile(`${dirname(library)}/tsconfig.json`, (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, dirname(library));
  const program = ts.createProgram([`${library}/index.ts`], options);
  const reader = new Reader(program.getTypeChecker());
  reader.read(program.getSourceFile(`${library}/index.ts`)!);
  // What `derive` takes depends on its subject.
  reader.readTable("derive", program.getSourceFile(`${library}/derivations/derive.ts`)!, "subjects");
  return reader.found;
}

class Reader {
  readonly #checker: ts.TypeChecker;
  readonly #found = new Map<string, OptionsParameter>();

  constructor(checker: ts.TypeChecker) {
    this.#checker = checker;
  }

  read(index: ts.SourceFile): void {
    for (const namespace of this.#exportsOf(this.#checker.getSymbolAtLocation(index)!)) {
      for (const symbol of this.#exportsOf(namespace)) {
        if (isOurs(symbol)) this.#visit(`${namespace.name}.${symbol.name}`, symbol);
      }
    }
  }

  /** The functions of a file's table, each under `called` and its key; also those that have no options. */
  readTable(called: string, file: ts.SourceFile, table: string): void {
    const symbol = this.#exportsOf(this.#checker.getSymbolAtLocation(file)!).find(
      ({ name }) => name === table,
    )!;
    for (const member of this.#checker.getTypeOfSymbol(symbol).getProperties()) {
      this.#found.set(`${called} ${member.name}`, { path: `${called} ${member.name}`, names: [], needed: [], words: {}, numbers: [], switches: [] }); // prettier-ignore
      this.#visit(`${called} ${member.name}`, member, true);
    }
  }

  get found(): readonly OptionsParameter[] {
    return [...this.#found.values()];
  }

  /** Follows `export { a } from` to where `a` is declared, and keeps the name under which it is exported. */
  #exportsOf(module: ts.Symbol): readonly ts.Symbol[] {
    return this.#checker.getExportsOfModule(this.#declared(module));
  }

  #declared(symbol: ts.Symbol): ts.Symbol {
    return symbol.flags & ts.SymbolFlags.Alias ? this.#checker.getAliasedSymbol(symbol) : symbol;
  }

  #visit(path: string, symbol: ts.Symbol, isMember = false): void {
    const declared = this.#declared(symbol);
    if (!(declared.flags & ts.SymbolFlags.Value || isMember)) return;
    const type = this.#checker.getTypeOfSymbol(declared);
    const instances = type.getConstructSignatures().map((signature) => signature.getReturnType());
    for (const signature of [...type.getCallSignatures(), ...type.getConstructSignatures()]) {
      for (const parameter of signature.getParameters()) {
        const at = this.#checker.getTypeOfSymbol(parameter);
        const last = this.#checker.isTupleType(at) ? this.#checker.getTypeArguments(at as ts.TypeReference).at(-1) : undefined; // prettier-ignore
        // An operation of the tape takes `...[...inputs, attributes]`.
        if (last) this.#options(path, last);
        else if (this.#isNamedOptions(parameter, at)) this.#options(path, at);
      }
    }
    if (isMember) return;
    // Methods of a class, and functions in a table such as `nn.shortcuts`.
    const isTable = type.getCallSignatures().length === 0 && instances.length === 0;
    for (const instance of instances) for (const member of instance.getProperties().filter(isOurs)) this.#visit(`${path}#${member.name}`, member, true); // prettier-ignore
    if (isTable) for (const member of type.getProperties().filter(isOurs)) this.#visit(`${path}.${member.name}`, member, true); // prettier-ignore
  }

  #options(path: string, optional: ts.Type): void {
    const type = this.#checker.getNonNullableType(optional);
    const properties = this.#checker.getPropertiesOfType(type);
    const isRecord =
      type.getCallSignatures().length === 0 && !type.getStringIndexType() && properties.every(isOurs);
    if (!isRecord) return;
    const typeOf = (property: ts.Symbol) => this.#checker.getNonNullableType(this.#checker.getTypeOfSymbol(property)); // prettier-ignore
    const having = (flag: ts.TypeFlags) =>
      properties.filter((property) => partsOf(typeOf(property)).every(({ flags }) => flags & flag)).map(({ name }) => name); // prettier-ignore
    const words = properties.flatMap((property) => {
      const parts = partsOf(typeOf(property));
      const literals = parts.filter((part) => part.isStringLiteral()).map(({ value }) => value);
      return literals.length > 0 ? [[property.name, literals] as const] : [];
    });
    this.#found.set(path, {
      path,
      names: properties.map(({ name }) => name),
      needed: properties.filter(({ flags }) => !(flags & ts.SymbolFlags.Optional)).map(({ name }) => name),
      words: Object.fromEntries(words),
      numbers: having(ts.TypeFlags.NumberLike),
      switches: having(ts.TypeFlags.BooleanLike),
    });
  }

  /** By the type's name, the parameter's name, or because it may be left out as `{}`. */
  #isNamedOptions(parameter: ts.Symbol, optional: ts.Type): boolean {
    const type = this.#checker.getNonNullableType(optional);
    const name = (type.aliasSymbol ?? type.getSymbol())?.name ?? "";
    const declaration = parameter.valueDeclaration;
    const isOptional = declaration !== undefined && ts.isParameter(declaration) && declaration.initializer?.kind === ts.SyntaxKind.ObjectLiteralExpression; // prettier-ignore
    return name.endsWith("Options") || parameter.name === "options" || isOptional;
  }
}

const partsOf = (type: ts.Type): readonly ts.Type[] => (type.isUnion() ? type.types : [type]);

/** Declared in the library, not in JavaScript's own types or another package's. */
function isOurs(symbol: ts.Symbol): boolean {
  const declarations = symbol.declarations ?? [];
  return (
    declarations.length > 0 && declarations.every((one) => one.getSourceFile().fileName.startsWith(library))
  );
}
