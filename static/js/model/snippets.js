/** A figure as code for slides and pages: what each tool wants pasted, with everything escaped as that tool reads it. */

/**
 * Tools that take code. `powerpoint` and `slides` take a file instead, and have none.
 * @typedef {"iframe" | "reveal" | "quarto" | "jupyter" | "markdown" | "markdown-html" | "marp" | "slidev" | "beamer"} Tool
 * What a snippet is made of: the addresses of frame, lesson and picture, the size in pixels, the title in the
 * language of the page; for LaTeX the name of the file without its ending, and frames a second.
 * @typedef {{src: string, link: string, picture: string, width: number, height: number, title: string,
 *   file: string, rate: number, autoplay: boolean, loop: boolean, controls: boolean}} Parts
 */

/** @type {Record<Tool, (parts: Parts) => string>} */
const WRITERS = {
  iframe: frame,
  // Slides hidden from view are not loaded before they are near; `data-preload` has them there when their turn comes.
  reveal: (parts) => `<section>\n${indented(frame(parts, { src: "data-src", more: " data-preload" }), 2)}\n</section>`,
  // Pandoc would copy a page into the document where resources are embedded; a live figure stays outside.
  quarto: (parts) => `\`\`\`{=html}\n${frame(parts, { more: ' data-external="1"' })}\n\`\`\``,
  jupyter: ({ src, width, height, title }) =>
    [
      "from IPython.display import IFrame",
      "",
      `IFrame(${quoted(src)}, width=${width}, height=${height},`,
      `       extras=[${quoted(`title="${attribute(title)}"`)}])`,
    ].join("\n"),
  markdown: ({ link, picture, title }) => `[![${bracketed(title)}](${destination(picture)})](${destination(link)})`,
  "markdown-html": frame,
  marp: frame,
  slidev: ({ src }) => `---\nlayout: iframe\nurl: ${quoted(src)}\n---`,
  beamer,
};

/** @type {Tool[]} */
export const TOOLS = /** @type {Tool[]} */ (Object.keys(WRITERS));

/**
 * @param {Tool} tool
 * @param {Parts} parts
 */
export function snippet(tool, parts) {
  return WRITERS[tool](parts);
}

/** How many frames a second a film has at a speed, as the figure plays: a step each 900 ms. */
/** @param {string} speed */
export function rateOf(speed) {
  return speed === "max" ? 25 : Number((Number(speed) / 0.9).toFixed(2));
}

/**
 * @param {Parts} parts
 * @param {{src?: string, more?: string}} [how]  the attribute that holds the address; further ones
 */
function frame({ src, width, height, title }, { src: name = "src", more = "" } = {}) {
  const lazy = name === "src" ? ' loading="lazy"' : "";
  return [
    `<iframe ${name}="${attribute(src)}"`,
    `  width="${width}" height="${height}"${lazy}${more} style="border: 0"`,
    `  title="${attribute(title)}"></iframe>`,
  ].join("\n");
}

/** @param {Parts} parts */
function beamer({ title, file, rate, autoplay, loop, controls }) {
  const options = [controls && "controls", autoplay && "autoplay", loop && "loop", "width=0.8\\linewidth"];
  return [
    "% \\usepackage{animate}",
    `\\begin{frame}{${latex(title)}}`,
    "  \\centering",
    `  \\animategraphics[${options.filter(Boolean).join(",")}]{${rate}}{${file}}{}{}`,
    "\\end{frame}",
  ].join("\n");
}

/** @param {string} text */
export function attribute(text) {
  return text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

/** A string as Python, YAML and JSON read it alike. */
/** @param {string} text */
function quoted(text) {
  return JSON.stringify(text);
}

/** Words between the brackets of a Markdown link. */
/** @param {string} text */
function bracketed(text) {
  return text.replace(/[\\[\]*_`<&!]/g, "\\$&").replace(/\s+/g, " ");
}

/** An address between the round brackets of a Markdown link: brackets, stars and lines under would be read as marks. */
/** @param {string} address */
function destination(address) {
  return address.replace(/[()<>\\\s*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`);
}

/** @type {Record<string, string>} */
const LATEX = { "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}", "×": "\\texttimes{}" };

/** @param {string} text */
function latex(text) {
  return text.replace(/[\\~^×&%$#_{}]/g, (sign) => LATEX[sign] ?? `\\${sign}`);
}

/** @param {string} text @param {number} by */
function indented(text, by) {
  return text.split("\n").map((line) => " ".repeat(by) + line).join("\n");
}
