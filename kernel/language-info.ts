// What the kernel says of its language. JupyterLab writes it into each notebook it opens, so committed notebooks carry it word for word.
import { version } from "typescript/package.json";

/** The `language_info` of `kernel_info_reply` and of a notebook's metadata. */
export const languageInfo = {
  name: "typescript",
  version,
  mimetype: "text/typescript",
  file_extension: ".ts",
  pygments_lexer: "typescript",
  // JupyterLab reads `mode`, the classic notebook reads `name` and `typescript`.
  codemirror_mode: { mode: "typescript", name: "javascript", typescript: true },
  nbconvert_exporter: "script",
};
