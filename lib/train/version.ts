// The library's version, for the files it writes. A browser cannot read package.json.

/** As in package.json. */
export const version = "0.1.0";
