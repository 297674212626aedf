// HTML in which nothing that a learner wrote can become markup.
import { createHash } from "node:crypto";

/** The text, safe in an element and in a quoted attribute. */
export function escapeHtml(text: string): string {
  const names: Record<string, string> = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "'": "&#39;",
  };
  return text.replaceAll(/[&<>"']/g, (character) => names[character]!);
}

/** A whole page; `body` is HTML. Its policy keeps even a mistake of ours from running what a learner wrote, save beside a script from a file. */
export function page(title: string, body: string, scripts: readonly string[] = []): string {
  const hashes = scripts.map((script) => {
    const text = /^<script>([^]*)<\/script>$/.exec(script)?.[1];
    return text === undefined ? undefined : `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  });
  const policy = hashes.includes(undefined)
    ? "default-src 'self' 'unsafe-inline' data: blob:"
    : `default-src 'none'; style-src 'unsafe-inline'; script-src ${hashes.join(" ") || "'none'"}`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escapeHtml(title)}</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 80rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: 0.3rem 0.6rem; border-bottom: 1px solid #ddd; }
td.points { white-space: nowrap; text-align: right; }
.missed { color: #8a1c00; }
.beside { display: grid; grid-template-columns: repeat(auto-fit, minmax(24rem, 1fr)); gap: 0 2rem; }
pre { font: 13px/1.4 ui-monospace, monospace; background: #f6f6f6; color: #1a1a1a; padding: 0.5rem; overflow-x: auto; white-space: pre-wrap; }
details p { white-space: pre-wrap; }
</style>
<body>
${body}
${scripts.join("\n")}
</body>
</html>
`;
}
