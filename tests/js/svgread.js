/** Reading SVG in tests: whether it is well-formed, and where its texts stand. */

import assert from "node:assert/strict";
import { estimated } from "../../static/js/scenes/sum.js";

/**
 * @typedef {{name: string, attributes: Record<string, string>, children: (Node | string)[]}} Node
 * @typedef {{text: string, size: number, left: number, right: number, top: number, bottom: number, depth: number}} Text
 */

const TOKEN = /<(\/?)([a-zA-Z]\w*)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy;
const ENTITY = /&(?!(?:amp|lt|gt|quot|apos|#\d+);)/;

/**
 * The document as a tree; fails where it is no well-formed XML.
 * @param {string} svg
 * @returns {Node}
 */
export function parsed(svg) {
  const root = /** @type {Node} */ ({ name: "", attributes: {}, children: [] });
  const open = [root];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < svg.length) {
    const at = TOKEN.lastIndex;
    const found = TOKEN.exec(svg);
    assert.ok(found, `no XML: ${svg.slice(at, at + 80)}`);
    const [, closing, name, attributes, alone, text] = found;
    const last = open[open.length - 1];
    assert.doesNotMatch(text ?? attributes ?? "", ENTITY);
    if (text !== undefined) last.children.push(text);
    else if (closing) assert.equal(open.pop()?.name, name);
    else {
      const node = { name, attributes: read(attributes), children: [] };
      last.children.push(node);
      if (!alone) open.push(node);
    }
  }
  assert.equal(open.length, 1, `not closed: ${open.map((node) => node.name)}`);
  assert.equal(root.children.length, 1);
  return /** @type {Node} */ (root.children[0]);
}

/** @param {string} text */
function read(text) {
  const found = [...text.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, name, value]) => [name, value]);
  assert.equal(new Set(found.map(([name]) => name)).size, found.length, `an attribute twice: ${text}`);
  return Object.fromEntries(found);
}

/**
 * Texts with the boxes that they take by estimate; `depth` counts the groups around them.
 * @param {Node} node
 * @param {{x: number, y: number, scale: number, size: number, anchor: string, bold: boolean, depth: number}} [from]
 * @returns {Text[]}
 */
export function textsOf(node, from = { x: 0, y: 0, scale: 1, size: 16, anchor: "start", bold: false, depth: 0 }) {
  const { name, attributes } = node;
  const number = (/** @type {string} */ key, fallback = 0) => (key in attributes ? Number(attributes[key]) : fallback);
  const here = {
    ...from,
    size: number("font-size", from.size),
    anchor: attributes["text-anchor"] ?? from.anchor,
    bold: "font-weight" in attributes ? Number(attributes["font-weight"]) > 400 : from.bold,
  };
  if (name === "text") return [boxOf(node, here)];
  if (name === "svg" && "x" in attributes) Object.assign(here, { x: from.x + from.scale * number("x"), y: from.y + from.scale * number("y"), depth: from.depth + 1 });
  const moved = /translate\(([-\d.]+),([-\d.]+)\) scale\(([\d.]+)\)/.exec(attributes.transform ?? "");
  if (moved) {
    const [x, y, scale] = moved.slice(1).map(Number);
    Object.assign(here, { x: from.x + from.scale * x, y: from.y + from.scale * y, scale: from.scale * scale, depth: from.depth + 1 });
  }
  return node.children.flatMap((child) => (typeof child === "string" ? [] : textsOf(child, here)));
}

/** @param {Node} node @param {{x: number, y: number, scale: number, size: number, anchor: string, bold: boolean, depth: number}} here @returns {Text} */
function boxOf(node, here) {
  const runs = runsOf(node, here.bold);
  const w = here.scale * runs.reduce((sum, run) => sum + run.space + estimated(run.text, here.size, run.bold), 0);
  const at = here.x + here.scale * Number(node.attributes.x);
  const left = { start: at, middle: at - w / 2, end: at - w }[here.anchor] ?? at;
  const base = here.y + here.scale * Number(node.attributes.y);
  const size = here.scale * here.size;
  return {
    text: runs.map(({ text }) => text).join(""),
    size,
    left,
    right: left + w,
    top: base - 0.74 * size,
    bottom: base,
    depth: here.depth,
  };
}

/** @param {Node} node @param {boolean} bold @returns {{text: string, bold: boolean, space: number}[]} */
function runsOf(node, bold) {
  const own = "font-weight" in node.attributes ? Number(node.attributes["font-weight"]) > 400 : bold;
  return node.children.flatMap((child, n) => {
    if (typeof child === "string") return [{ text: unescaped(child), bold: own, space: n === 0 ? Number(node.attributes.dx ?? 0) : 0 }];
    return runsOf(child, own);
  });
}

/** @param {string} text */
function unescaped(text) {
  return text.replace(/&lt;/g, "<").replace(/&quot;/g, '"').replace(/&amp;/g, "&");
}
