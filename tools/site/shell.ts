// The site's shell, by TypeDoc: navigation, contents of the page, search, light and dark, around the course's pages and the library's reference alike.
import { join } from "node:path";
import {
  Application,
  type CommentDisplayPart,
  DefaultTheme,
  DefaultThemeRenderContext,
  DocumentReflection,
  FileRegistry,
  JSX,
  KindRouter,
  type NavigationElement,
  type PageEvent,
  ProjectReflection,
  type Reflection,
  ReflectionKind,
  type RouterTarget,
  TSConfigReader,
  TypeDocReader,
} from "typedoc";
import { UserError } from "../notebooks/user-error";
import type { Heading, Section } from "./content";
import { escapeHtml } from "./prepare";

/** A page of the course, as the shell takes it. */
export interface ShellPage {
  /** The page is `NAME.html`. */
  readonly name: string;
  readonly title: string;
  /** The part of the navigation that it stands in. */
  readonly group: string;
  readonly html: string;
  readonly headings: readonly Heading[];
  readonly sections: readonly Section[];
  /** Names of its neighbours. */
  readonly previous?: string | undefined;
  readonly next?: string | undefined;
}

/** What the shell is put around. */
export interface ShellOptions {
  readonly root: string;
  /** The folder to write. */
  readonly site: string;
  readonly pages: readonly ShellPage[];
  /** The first page's text, as HTML. */
  readonly index: string;
  /** Adds the reference of the library; some 15 seconds. */
  readonly api: boolean;
}

/** The folder of the library's reference. */
const API = "api";

const textPart = (text: string): CommentDisplayPart[] => [{ kind: "text", text }];
const raw = (html: string): JSX.Element => JSX.createElement(JSX.Raw, { html });

/** Writes every page. @throws UserError with what TypeDoc says where it fails or warns */
export async function writeSite({ root, site, pages, index, api }: ShellOptions): Promise<void> {
  const app = await Application.bootstrap(
    {
      options: join(root, "typedoc.json"),
      name: "Residual",
      ...(api ? {} : { entryPoints: [] }),
      readme: "none",
      hideGenerator: true,
      // The linked files lie there already.
      cleanOutputDir: false,
      includeHierarchySummary: false,
      visibilityFilters: {},
      searchInDocuments: true,
      headings: { readme: false, document: false },
      theme: "residual",
      router: "residual",
      // The names of the headings are nbconvert's.
      validation: false,
      logLevel: "Warn",
    },
    [new TypeDocReader(), new TSConfigReader()],
  );
  app.renderer.defineRouter("residual", SiteRouter);
  const shown = { pages: new Map(pages.map((page) => [page.name, page])), index };
  app.renderer.defineTheme("residual", themeOf(shown));
  app.renderer.hooks.on("head.end", (context) =>
    raw(
      `<link rel="icon" href="data:,"><link rel="stylesheet" href="${context.relativeURL("assets/site.css")}">` +
        `<script defer src="${context.relativeURL("assets/site.js")}"></script>` +
        `<script defer src="${context.relativeURL("assets/figures.js")}" data-plotly="${context.relativeURL("assets/plotly.min.js")}"></script>`,
    ),
  );
  app.renderer.hooks.on("body.begin", () => raw('<a class="skip-link" href="#content">To the text</a>'));
  const project = api ? await app.convert() : new ProjectReflection("Residual", new FileRegistry());
  if (!project || app.logger.hasErrors())
    throw new UserError("typedoc could not read the library: see above");
  // Its page is the first one.
  project.readme = textPart("Residual");
  for (const page of pages) addPage(project, page);
  await app.generateDocs(project, site);
  if (app.logger.hasErrors() || app.logger.hasWarnings()) throw new UserError("typedoc could not write the site without a warning: see above"); // prettier-ignore
}

/** The page, and below it its sections, so that the search finds each. */
function addPage(project: ProjectReflection, { name, title, sections }: ShellPage): void {
  const intro = sections.filter(({ heading }) => heading === undefined).map(({ text }) => text).join(" "); // prettier-ignore
  const document = new DocumentReflection(title, project, textPart(intro), { name });
  project.addChild(document);
  project.registerReflection(document, undefined, undefined);
  for (const { heading, text } of sections) {
    if (!heading) continue;
    const section = new DocumentReflection(heading.text, document, textPart(text), { anchor: heading.id });
    document.addChild(section);
    project.registerReflection(section, undefined, undefined);
  }
}

const frontmatter = (target: RouterTarget): Record<string, unknown> =>
  target instanceof DocumentReflection ? target.frontmatter : {};

/** Pages of the course lie at the top, sections within them, and the reference in a folder of its own. */
class SiteRouter extends KindRouter {
  override getPageKind(target: RouterTarget): string | undefined {
    return frontmatter(target)["anchor"] === undefined ? super.getPageKind(target) : undefined;
  }

  override getIdealBaseName(reflection: Reflection): string {
    const name = frontmatter(reflection)["name"];
    return typeof name === "string" ? name : `${API}/${super.getIdealBaseName(reflection)}`;
  }

  override buildAnchors(target: RouterTarget, page: RouterTarget): void {
    const anchor = frontmatter(target)["anchor"];
    if (typeof anchor !== "string") {
      super.buildAnchors(target, page);
      return;
    }
    this.anchors.set(target, anchor);
    this.fullUrls.set(target, `${this.getFullUrl(page)}#${encodeURIComponent(anchor)}`);
  }
}

/** The heading of a fold is a button, so it may hold no link: a link's words stay, and of one that is a drawing alone nothing. */
export const withoutLinks = (summary: string): string =>
  summary.replaceAll(/<a\b[^>]*>([^]*?)<\/a>/g, (_, inner: string) => inner.replaceAll(/<svg\b[^]*?<\/svg>/g, "")); // prettier-ignore

/** For the same reason what has both a page and parts gets its page as the first of its parts. */
export const pagesInside = (elements: readonly NavigationElement[]): NavigationElement[] =>
  elements.map(({ path, children, ...element }) => {
    const own = path === undefined ? {} : { path };
    if (!children) return { ...element, ...own };
    const first = path === undefined ? [] : [{ text: "Overview", path }];
    return { ...element, children: [...first, ...pagesInside(children)] };
  });

/** What the theme shows of the course. */
interface Shown {
  readonly pages: ReadonlyMap<string, ShellPage>;
  /** The first page's text, as HTML. */
  readonly index: string;
}

/** TypeDoc's own theme with the course's pages, and with what it leaves out for everybody's. */
function themeOf({ pages, index }: Shown): typeof DefaultTheme {
  const link = (name: string | undefined, rel: string, words: string): string => {
    const page = pages.get(name ?? "");
    return page ? `<a rel="${rel}" href="${page.name}.html" class="${rel}">${words}: ${escapeHtml(page.title)}</a>` : ""; // prettier-ignore
  };
  const neighbours = ({ previous, next }: ShellPage, where: string): string =>
    previous === undefined && next === undefined
      ? ""
      : `<nav class="neighbours" aria-label="Neighbours, ${where} the text">${link(previous, "prev", "Previous")}${link(next, "next", "Next")}</nav>`;

  class SiteContext extends DefaultThemeRenderContext {
    /** Within the page: a browser takes none from another file where there is no server. */
    override get icons() {
      return this.theme.icons;
    }

    override indexTemplate = () => raw(`<div class="course">${index}</div>`);

    override documentTemplate = ({ model, pageHeadings }: PageEvent<DocumentReflection>) => {
      const page = pages.get(model.frontmatter["name"] as string)!;
      for (const { id, level, text } of page.headings) {
        if (level > 1 && level < 4) pageHeadings.push({ link: `#${encodeURIComponent(id)}`, level, text });
      }
      return raw(`${neighbours(page, "above")}<div class="course">${page.html}</div>${neighbours(page, "below")}`); // prettier-ignore
    };

    override settings = () =>
      raw(
        '<div class="settings"><label for="tsd-theme">Colours</label> <select id="tsd-theme"><option value="os">as the system</option><option value="light">light</option><option value="dark">dark</option></select></div>',
      );
  }

  return class extends DefaultTheme {
    override ContextClass = SiteContext;

    /** Says which part of a page is its text, and has the search's index loaded when somebody searches: it is larger than most pages. */
    override render(page: PageEvent): string {
      return super
        .render(page)
        .replace('<div class="col-content">', '<div class="col-content" id="content" role="main">')
        .replace(/<script async src="([^"]*search\.js)"/, '<script async data-src="$1"')
        .replaceAll(/<summary\b[^]*?<\/summary>/g, withoutLinks);
    }

    override buildNavigation(project: ProjectReflection): NavigationElement[] {
      const names = [...new Set([...pages.values()].map(({ group }) => group))];
      const groups = names.map((text): NavigationElement => {
        const own = [...pages.values()].filter(({ group }) => group === text);
        return { text, children: own.map(({ name, title }) => ({ text: title, path: `${name}.html`, kind: ReflectionKind.Document })) }; // prettier-ignore
      });
      const reference = super.buildNavigation(project).filter(({ kind }) => kind !== ReflectionKind.Document);
      return reference.length === 0 ? groups : [...groups, ...pagesInside([{ text: "Library reference", path: this.router.getFullUrl(project), children: reference }])]; // prettier-ignore
    }
  };
}
