// The identifiers by which compiled cells reach the variables of the session.

/** The identifier under which all cells reach the session's variable `name`; no key types the dot by accident. */
export const slot = (name: string): string => `${name}·`;

/** A text of V8's, such as "f· is not a function", as the cell wrote it. */
export const withoutSlots = (text: string): string => text.replace(/(?<=[\w$])·/g, "");
