/** What was read in a text of code: where its marks stand, which addresses its figures have, what it costs in all. */

/** @import {Params} from "./query.js" */
/** @import {Translate} from "./strings.js" */

import { writeQuery } from "./query.js";

/**
 * Places count lines and columns from 1, in characters; the end stands behind the last.
 * @typedef {{line: number, column: number, end_line: number, end_column: number}} Place
 * @typedef {{parameter: string, from: string, to: string}} Change
 * @typedef {{slug: string, params: Params, reduced: boolean, changes: Change[]}} ReadFigure
 * @typedef {{code: string, field: string, message: string, hint: string, values: Record<string, any>}} ReadError
 * @typedef {Place & {name: string, title: string, framework: string, source: string,
 *   input_shape: number[] | null, figure: ReadFigure | null, error: ReadError | null,
 *   facts: {output_shape: number[], parameters: number, multiplications: number, comparisons?: number} | null}} ReadLayer
 * @typedef {Place & {code: string, message: string, hint: string, source: string, unread: boolean,
 *   values: Record<string, any>}} ReadNote
 * @typedef {{layers: ReadLayer[], notes: ReadNote[]}} Read
 */

/** @type {Record<string, {code: string, size: string}>} */
export const EXAMPLES = {
  pytorch: { code: "nn.Conv2d(64, 128, 3, stride=2, padding=1)", size: "32" },
  keras: {
    code: "layers.Conv2DTranspose(32, 4, strides=2, padding=\"same\", input_shape=(16, 16, 64))",
    size: "16",
  },
  sequential: {
    code: `model = nn.Sequential(
    nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False),
    nn.BatchNorm2d(64),
    nn.ReLU(),
    nn.MaxPool2d(3, stride=2, padding=1),
    nn.Conv2d(64, 64, 3, padding=1, groups=64),  # depthwise
    nn.Conv2d(64, 128, 1),
)`,
    size: "224",
  },
};

/**
 * The text in pieces: those with `mark` lie in the place of that number, the others in none.
 * Places that begin inside another are left to it.
 * @param {string} code
 * @param {Place[]} places
 * @returns {{text: string, mark: number | null}[]}
 */
export function marked(code, places) {
  const characters = Array.from(code);
  const starts = lineStarts(characters);
  const at = (/** @type {number} */ line, /** @type {number} */ column) =>
    Math.min((starts[line - 1] ?? characters.length) + column - 1, characters.length);
  const spans = places
    .map((place, mark) => ({ mark, from: at(place.line, place.column), to: at(place.end_line, place.end_column) }))
    .sort((a, b) => a.from - b.from);
  const pieces = [];
  let reached = 0;
  for (const { mark, from, to } of spans) {
    if (from < reached || to <= from) continue;
    pieces.push({ text: characters.slice(reached, from).join(""), mark: null });
    pieces.push({ text: characters.slice(from, to).join(""), mark });
    reached = to;
  }
  pieces.push({ text: characters.slice(reached).join(""), mark: null });
  return pieces.filter(({ text }) => text !== "");
}

/** Where each line begins: the three ways in which lines end are those of Python. */
/** @param {string[]} characters */
function lineStarts(characters) {
  const starts = [0];
  characters.forEach((character, n) => {
    const ends = character === "\n" || (character === "\r" && characters[n + 1] !== "\n");
    if (ends) starts.push(n + 1);
  });
  return starts;
}

/**
 * The place that an error of syntax names, to the end of what it quotes; null where it names none.
 * @param {ReadError} error
 * @returns {Place | null}
 */
export function placeOf({ values }) {
  const { line, column, text } = values;
  if (!Number.isInteger(line) || !Number.isInteger(column)) return null;
  const length = Math.max(1, Array.from(String(text ?? "")).length);
  return { line, column, end_line: line, end_column: column + length };
}

/**
 * The address of a figure, in the language and the theme of the page.
 * @param {ReadFigure} figure
 * @param {{theme: string | null, lang: string}} page
 */
export function addressOf({ slug, params }, { theme, lang }) {
  return `/learn/${slug}${writeQuery(params, { step: 0, theme, speed: null, loop: false, stage: "", lang, kept: "" })}`;
}

/**
 * What all layers cost together; null where fewer than two have facts.
 * @param {ReadLayer[]} layers
 */
export function totalOf(layers) {
  const facts = layers.flatMap((layer) => (layer.facts ? [layer.facts] : []));
  if (facts.length < 2) return null;
  const sum = (/** @type {"parameters" | "multiplications"} */ what) =>
    facts.reduce((total, fact) => total + fact[what], 0);
  return { n: facts.length, parameters: sum("parameters"), multiplications: sum("multiplications") };
}

/**
 * How many layers were read, and how many places were not.
 * @param {Read} read
 * @param {Translate} t
 */
export function summary({ layers, notes }, t) {
  const n = layers.length;
  const found = n === 0 ? t("read.none") : n === 1 ? t("read.one") : t("read.many", { n });
  const unread = notes.filter((note) => note.unread).length;
  return unread > 0 ? `${found} ${t("read.unread", { n: unread })}` : found;
}
