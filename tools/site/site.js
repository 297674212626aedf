// What the course's pages do in a reader's browser: boxes that scroll by the keyboard, the search's index when it is asked for, and what a term or paper is.
"use strict";

{
  const { src } = document.currentScript;

  /** What is wider than its place is scrolled by itself, so a keyboard must reach it; what fits is no stop on the way. */
  function markScrolling() {
    for (const box of document.querySelectorAll(
      ".wide, .course pre, .course mjx-container[display=true], .jp-RenderedHTML",
    )) {
      if (box.scrollWidth > box.clientWidth + 1) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  }

  // At once when TypeDoc shows the page, because a keyboard may be quick; while a window is pulled, once in a while and at the end.
  let soon;
  let isOld = false;
  new ResizeObserver(() => {
    if (document.body.clientWidth === 0) return;
    if (soon !== undefined) {
      isOld = true;
      return;
    }
    markScrolling();
    soon = setTimeout(() => {
      soon = undefined;
      if (isOld) markScrolling();
      isOld = false;
    }, 100);
  }).observe(document.body);

  // TypeDoc waits for the index's script to load, whenever that is.
  const index = document.getElementById("tsd-search-script");
  new MutationObserver(() => {
    if (!index.src) index.src = index.dataset.src;
  }).observe(document.getElementById("tsd-search"), { attributeFilter: ["open"] });

  /** Loads what is known of terms and papers, once somebody asks: a script, because a page from a folder may read no other file. */
  let known;
  const knowledge = () =>
    (known ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = new URL("hovers.js", src).href;
      script.onload = () => resolve(window.residualHovers);
      script.onerror = reject;
      document.head.append(script);
    }));

  const note = document.createElement("div");
  note.id = "note";
  note.className = "note";
  note.setAttribute("role", "tooltip");
  note.hidden = true;
  document.body.append(note);
  let asked;
  let leaving;

  async function show(link) {
    clearTimeout(leaving);
    if (asked !== link) hide();
    asked = link;
    const text = (await knowledge())[link.getAttribute("href")];
    if (asked !== link || !text) return;
    note.innerHTML = text;
    note.hidden = false;
    link.setAttribute("aria-describedby", note.id);
    const { left, top, bottom } = link.getBoundingClientRect();
    const { width, height } = note.getBoundingClientRect();
    const below = bottom + height + 8 < window.innerHeight || top < height + 8;
    note.style.left = `${Math.max(8, Math.min(left, document.documentElement.clientWidth - width - 8))}px`;
    note.style.top = `${below ? bottom + 4 : top - height - 4}px`;
  }

  function hide() {
    asked?.removeAttribute("aria-describedby");
    asked = undefined;
    note.hidden = true;
  }

  /** The pointer may go over to the note, which stays then. */
  const hideSoon = () => {
    clearTimeout(leaving);
    leaving = setTimeout(hide, 200);
  };
  for (const link of document.querySelectorAll(".course a.term, .course a[href*='//arxiv.org/abs/']")) {
    link.addEventListener("pointerenter", () => void show(link));
    link.addEventListener("focus", () => void show(link));
    link.addEventListener("pointerleave", hideSoon);
    link.addEventListener("blur", hideSoon);
  }
  note.addEventListener("pointerenter", () => clearTimeout(leaving));
  note.addEventListener("pointerleave", hideSoon);
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") hide();
  });
  window.addEventListener("scroll", hide, { passive: true });

  // Who has chosen dark means the screen: paper has no dark ground, on which light letters and figures that are turned over could be read.
  const { dataset } = document.documentElement;
  let isDark = false;
  window.addEventListener("beforeprint", () => {
    hide();
    isDark ||= dataset.theme === "dark";
    if (isDark) dataset.theme = "light";
  });
  window.addEventListener("afterprint", () => {
    if (isDark) dataset.theme = "dark";
    isDark = false;
  });
}
