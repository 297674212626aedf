// Where the course's results lie, for a browser, which has no folders: the same functions as in `results.node.ts`.

/** A path that only Node reads. */
export const resultsFolder = (): string => "results";

/** None: a browser has no files that a path names. */
export const jsonFiles = (): Promise<readonly string[]> => Promise.resolve([]);
