// How a text falls into lines. Apart from the compiler, because what only runs cells needs it, and TypeScript takes longer to load than most cells to run.

/** The lines of a text as JavaScript and TypeScript count them: two more characters than a line feed and a carriage return end one. */
export const linesOf = (text: string): string[] => text.split(/\r\n|[\n\r\u2028\u2029]/);
