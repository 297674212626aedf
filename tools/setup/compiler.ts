// Finds the C++ compiler.
import { searchCompiler, type Compiler, type Search } from "./ground/programs.cjs";
import { Unavailable } from "./problem";

/** The compiler that CXX names, else g++, clang++ or c++. @throws Unavailable where none runs */
export async function findCompiler(options: Search): Promise<Compiler> {
  const found = await searchCompiler(options);
  if ("message" in found) throw new Unavailable(found.message, found.remedy);
  return found;
}
