// Starts the slides, and keeps the section's title in sight on the slides below its first.
"use strict";

{
  const name = document.createElement("div");
  name.className = "section-name";
  document.querySelector(".reveal").append(name);

  const showName = ({ indexv, currentSlide }) => {
    const heading = currentSlide.parentElement.querySelector("h1, h2");
    // nbconvert puts a mark behind a heading by which a page links to it.
    name.textContent = indexv === 0 ? "" : (heading?.textContent.replace(/¶$/, "") ?? "");
  };

  Reveal.on("ready", showName);
  Reveal.on("slidechanged", showName);
  void Reveal.initialize({
    width: 960,
    height: 540,
    margin: 0.02,
    center: false,
    hash: true,
    slideNumber: "h.v",
    transition: "none",
  });
}
