// Finds what a page refers to: what it would fetch from another host, so that an exported site works without a network, and what it links to.

/** One tag of a page, and for a style what stands in it. */
interface Tag {
  readonly name: string;
  readonly attributes: readonly { readonly name: string; readonly value: string }[];
  readonly style: string;
}

/** Every address on another host that loading the page would fetch; links that a reader follows don't count. */
export function externalReferences(html: string): string[] {
  return [...tags(html)]
    .flatMap(fetched)
    .filter((address) => /^\s*(?:https?:)?\/\//i.test(address))
    .map((address) => address.trim());
}

/** What a page fetches from its own site or links to there, as it is written, with each `id` that another page may link to. */
export function localReferences(html: string): { readonly targets: string[]; readonly ids: Set<string> } {
  const ids = new Set<string>();
  const targets = [...tags(html)].flatMap((tag) => {
    for (const { name, value } of tag.attributes) if (name === "id" || name === "name") ids.add(value);
    const links = tag.attributes.filter(({ name }) => name === "href").map(({ value }) => value);
    return [...links, ...fetched(tag)];
  });
  const local = targets.filter(
    (target) => target !== "" && !/^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(target.trim()),
  );
  return { targets: [...new Set(local.map(withoutEntities))], ids };
}

const withoutEntities = (text: string): string => text.trim().replaceAll("&amp;", "&");

/** The addresses that loading the tag fetches. */
function fetched({ name: tag, attributes, style }: Tag): string[] {
  const found = attributes.flatMap(({ name, value }) => {
    if (name === "style") return styleAddresses(value);
    if (name === "srcset") return value.split(",");
    if (/^(?:src|data|poster|background|xlink:href)$/.test(name)) return [value];
    return name === "href" && tag !== "a" && tag !== "area" ? [value] : [];
  });
  return [...found, ...styleAddresses(style)];
}

function* tags(html: string): Generator<Tag> {
  // A script's text is not markup, nor is a comment; a style's text holds addresses of its own.
  const parts = /<!--[\s\S]*?-->|<(script|style|[a-z][a-z0-9-]*)\b((?:[^>"']|"[^"]*"|'[^']*')*)>/gi;
  for (let part = parts.exec(html); part; part = parts.exec(html)) {
    const name = part[1]?.toLowerCase();
    if (name === undefined) continue;
    let style = "";
    if (name === "script" || name === "style") {
      const end = html.slice(parts.lastIndex).search(new RegExp(`</${name}`, "i"));
      const text = end < 0 ? html.slice(parts.lastIndex) : html.slice(parts.lastIndex, parts.lastIndex + end);
      if (name === "style") style = text;
      parts.lastIndex += text.length;
    }
    yield { name, attributes: attributes(part[2]!), style };
  }
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
