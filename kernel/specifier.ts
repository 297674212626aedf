// What the text of an import tells by itself. Apart from the compiler, because TypeScript takes longer to load than most cells take to run.

/** Whether a specifier is a file's, not a package's. */
export const isPath = (specifier: string): boolean => /^\.{0,2}\//.test(specifier);
