// The identifiers by which compiled cells reach the kernel and the variables of the session.

/** The object by which a cell's code reaches the kernel. */
export const kernelName = "kernel·";

/** The identifier under which all cells reach the session's variable `name`; no key types the dot by accident. */
export const slot = (name: string): string => `${name}·`;

/** A text of V8's, such as "f· is not a function", as the cell wrote it. */
export const withoutSlots = (text: string): string => text.replace(/(?<=[\w$])·/g, "");
