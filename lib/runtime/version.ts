// The library's version, as in its package.json (a test compares the two).

/** The version of `residual`. */
export const version = "0.1.0";
