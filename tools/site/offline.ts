// Finds what a page would fetch from another host, so that an exported site works without a network.

/** Every address on another host that loading the page would fetch; links that a reader follows don't count. */
export function externalReferences(html: string): string[] {
  const found: string[] = [];
  const note = (address: string): void => {
    if (/^\s*(?:https?:)?\/\//i.test(address)) found.push(address.trim());
  };
  // A script's text is not markup, nor is a comment; a style's text holds addresses of its own.
  const parts = /<!--[\s\S]*?-->|<(script|style|[a-z][a-z0-9-]*)\b((?:[^>"']|"[^"]*"|'[^']*')*)>/gi;
  for (let part = parts.exec(html); part; part = parts.exec(html)) {
    const tag = part[1]?.toLowerCase();
    if (tag === undefined) continue;
    for (const { name, value } of attributes(part[2]!)) {
      if (name === "style") styleAddresses(value).forEach(note);
      else if (name === "srcset") value.split(",").forEach(note);
      else if (/^(?:src|data|poster|background|xlink:href)$/.test(name)) note(value);
      else if (name === "href" && tag !== "a" && tag !== "area") note(value);
    }
    if (tag === "script" || tag === "style") {
      const end = html.slice(parts.lastIndex).search(new RegExp(`</${tag}`, "i"));
      const text = end < 0 ? html.slice(parts.lastIndex) : html.slice(parts.lastIndex, parts.lastIndex + end);
      if (tag === "style") styleAddresses(text).forEach(note);
      parts.lastIndex += text.length;
    }
  }
  return found;
}

function attributes(text: string): { name: string; value: string }[] {
  const pattern = /([^\s=>"'/]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/g;
  return [...text.matchAll(pattern)].map((match) => ({
    name: match[1]!.toLowerCase(),
    value: match[2] ?? match[3] ?? match[4] ?? "",
  }));
}

/** The addresses that a style sheet names. */
export function styleAddresses(css: string): string[] {
  const bare = css.replaceAll(/\/\*[\s\S]*?\*\//g, "");
  const pattern = /url\(\s*["']?([^"')]*)["']?\s*\)|@import\s+["']([^"']*)["']/gi;
  return [...bare.matchAll(pattern)].map((match) => match[1] ?? match[2] ?? "");
}
