// An error that its message explains fully, to be printed without a stack.

/** What the person at the keyboard can mend: an argument, a malformed source, a missing file. */
export class UserError extends Error {}
