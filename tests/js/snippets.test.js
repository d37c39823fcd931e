import assert from "node:assert/strict";
import { test } from "node:test";
import { attribute, rateOf, snippet, TOOLS } from "../../static/js/model/snippets.js";

const PARTS = {
  src: "https://example.org/embed/dilated?input=1,2;3,4&dilation=2&step=5",
  link: "https://example.org/learn/dilated?dilation=2&step=5",
  picture: "https://example.org/embed/dilated/picture.png?dilation=2&step=5",
  width: 800,
  height: 450,
  title: "Dilated convolution, step 5 of 9",
  file: "convoscope-dilated-dilation-2",
  rate: 1.11,
  autoplay: false,
  loop: false,
  controls: true,
};
/** What every tool reads as a mark of its own. */
const WILD = `"<b>" & 'x' [a](b) \\ {c} 50% $1 #2 _d_ ~ ^ 1×1 *e* \`f\``;

test("a frame names its address, size and title", () => {
  assert.equal(
    snippet("iframe", PARTS),
    [
      '<iframe src="https://example.org/embed/dilated?input=1,2;3,4&amp;dilation=2&amp;step=5"',
      '  width="800" height="450" loading="lazy" style="border: 0"',
      '  title="Dilated convolution, step 5 of 9"></iframe>',
    ].join("\n"),
  );
});

test("no title ends its attribute, and a reader of HTML gets it back", () => {
  for (const tool of /** @type {const} */ (["iframe", "reveal", "quarto", "markdown-html", "marp"])) {
    const [, title] = /title="([^"]*)"><\/iframe>/.exec(snippet(tool, { ...PARTS, title: WILD })) ?? [];
    assert.ok(title && !/[<>"]/.test(title), tool);
    const read = title.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&quot;/g, '"').replace(/&amp;/g, "&");
    assert.equal(read, WILD, tool);
  }
});

test("no snippet but those of many parts has an empty line, which would end HTML in Markdown", () => {
  for (const tool of /** @type {const} */ (["iframe", "reveal", "markdown", "markdown-html", "marp"])) {
    assert.doesNotMatch(snippet(tool, PARTS), /\n\s*\n/, tool);
  }
});

test("reveal.js loads a frame when its slide is near", () => {
  const code = snippet("reveal", PARTS);
  assert.match(code, /^<section>\n {2}<iframe data-src="[^"]+"\n/);
  assert.match(code, / data-preload /);
  assert.match(code, /<\/section>$/);
  assert.doesNotMatch(code, / src=| loading=/);
});

test("Quarto takes raw HTML, of which Pandoc makes no copy", () => {
  assert.match(snippet("quarto", PARTS), /^```\{=html\}\n<iframe src=[\s\S]+ data-external="1"[\s\S]+<\/iframe>\n```$/);
});

test("Jupyter takes strings of Python", () => {
  assert.equal(
    snippet("jupyter", { ...PARTS, title: 'a "b" \\' }),
    [
      "from IPython.display import IFrame",
      "",
      `IFrame("${PARTS.src}", width=800, height=450,`,
      `       extras=["title=\\"a &quot;b&quot; \\\\\\""])`,
    ].join("\n"),
  );
});

test("Markdown is a picture that links to the figure", () => {
  assert.equal(
    snippet("markdown", { ...PARTS, link: `${PARTS.link}(1)`, title: "A [b] *c*" }),
    `[![A \\[b\\] \\*c\\*](${PARTS.picture})](${PARTS.link}%281%29)`,
  );
});

test("Slidev takes the address as a string of YAML", () => {
  assert.equal(snippet("slidev", PARTS), `---\nlayout: iframe\nurl: "${PARTS.src}"\n---`);
});

test("Beamer takes all pages of a file, and nothing in a title is a command", () => {
  const code = snippet("beamer", { ...PARTS, title: WILD, loop: true, autoplay: true });
  assert.match(code, /\\animategraphics\[controls,autoplay,loop,width=0\.8\\linewidth\]\{1\.11\}\{convoscope-dilated-dilation-2\}\{\}\{\}/);
  const [, title] = /\\begin\{frame\}\{(.*)\}/.exec(code) ?? [];
  const plain = title.replace(/\\text(backslash|asciitilde|asciicircum|times)\{\}/g, "").replace(/\\[&%$#_{}]/g, "");
  assert.doesNotMatch(plain, /[\\&%$#_{}~^×]/);
  assert.doesNotMatch(snippet("beamer", { ...PARTS, controls: false }), /controls|loop|autoplay/);
});

test("a film plays as fast as the figure", () => {
  assert.deepEqual(["0.5", "1", "2", "max"].map(rateOf), [0.56, 1.11, 2.22, 25]);
});

test("every tool has a snippet with no part missing", () => {
  assert.equal(TOOLS.length, 9);
  for (const tool of TOOLS) assert.doesNotMatch(snippet(tool, PARTS), /undefined|null|NaN/, tool);
  assert.equal(attribute("a&b"), "a&amp;b");
});
