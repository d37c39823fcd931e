/** Numbers as other programs copy them: cells of a spreadsheet, lists of Python and NumPy, and our own grammar. */

/** @import {Nested} from "./edit.js" */

import { numberOf, shapeOf } from "./edit.js";

/**
 * Nested lists, null where a cell was empty; or what is wrong with the text, and where it shows.
 * @typedef {"notNumber" | "ragged" | "cut" | "empty"} FaultCode
 * @typedef {{block: Nested, fault: null} | {block: null, fault: {code: FaultCode, text: string}}} Pasted
 */

class Fault extends Error {
  /** @param {FaultCode} code @param {string} [text] */
  constructor(code, text = "") {
    super(code);
    this.code = code;
    this.text = text;
  }
}

/**
 * The block of numbers that a text holds.
 * @param {string} text
 * @param {number} [dims]  spatial axes of the figure: on one, a column is laid out as a row
 * @returns {Pasted}
 */
export function parsed(text, dims = 2) {
  try {
    return { block: fitted(rectangular(read(text)), dims), fault: null };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { block: null, fault: { code: error.code, text: error.text } };
  }
}

/**
 * Whether a text is a block that a field of our grammar cannot take as it is.
 * @param {string} text
 */
export function foreign(text) {
  const trimmed = text.trim();
  return /[\t\n\r[(]/.test(trimmed) && !isOwn(trimmed);
}

/** @param {string} text @returns {Nested} */
function read(text) {
  if (!text.trim()) throw new Fault("empty");
  if (/[[(]/.test(text)) return lists(text);
  return isOwn(text) ? own(text) : table(text);
}

/** Semicolons, slashes and bars are ours, but for lines that have semicolons between their columns. */
/** @param {string} text */
function isOwn(text) {
  if (text.includes("\t") || /[[(]/.test(text) || !/[;|/]/.test(text)) return false;
  return /[|/]/.test(text) || !/\S\s*\n\s*\S/.test(text) || /;\s*\n/.test(text);
}

/** Filters, channels, slices, rows, columns. */
/** @param {string} text @returns {Nested} */
function own(text) {
  return split(text, ["||", "|", "/", ";", ","]);
}

/** @param {string} text @param {string[]} marks @returns {Nested} */
function split(text, [mark, ...inner]) {
  return mark === undefined ? cell(text) : text.split(mark).map((part) => split(part, inner));
}

/** @param {string} text @returns {Nested} */
function table(text) {
  const tabs = text.includes("\t");
  const lines = text.replace(/\r\n?/g, "\n").split("\n");
  // Spreadsheets end with an empty line; a line of tabs is a row of empty cells.
  const rows = tabs ? lines.filter((line) => line !== "") : lines.map((line) => line.trim()).filter(Boolean);
  const between = tabs ? "\t" : text.includes(";") ? ";" : /\s*,\s*|\s+/;
  return rows.map((row) => row.split(between).map(cell));
}

/** @param {string} text @returns {number | null} */
function cell(text) {
  if (!text.trim()) return null;
  const value = numberOf(text) ?? numberOf(decimal(text));
  if (value === null) throw new Fault("notNumber", text.trim());
  return value;
}

/** A decimal comma as a point; «1,234» may mean thousands, so that it is left alone. */
/** @param {string} text */
function decimal(text) {
  return /,\d{3}$/.test(text.trim()) ? text : text.replace(",", ".");
}

/** Lists or tuples, also inside `array(…)` or `tensor(…)`; several one after the other are rows. */
/** @param {string} text @returns {Nested} */
function lists(text) {
  const call = /^\s*(?:[A-Za-z_]\w*\s*=\s*)?(?:[A-Za-z_][\w.]*\s*\()/.exec(text);
  const marks = (call ? text.slice(call[0].length) : text).replace(/^\s*[A-Za-z_]\w*\s*=/, "")
    .match(/[[\]()]|[^\s,[\]()]+/g) ?? [];
  let at = 0;
  /** @returns {Nested} */
  const item = () => {
    const mark = marks[at];
    at += 1;
    if (mark !== "[" && mark !== "(") return element(mark);
    const found = [];
    while (at < marks.length && marks[at] !== "]" && marks[at] !== ")") found.push(item());
    if (at === marks.length) throw new Fault("cut");
    at += 1;
    return found;
  };
  const found = [item()];
  // Behind the list of a call stand its other arguments, dtype for one.
  while (!call && at < marks.length) found.push(item());
  const block = found.length === 1 ? found[0] : found;
  return Array.isArray(block) ? block : found;
}

/** @param {string} mark */
function element(mark) {
  if (/^(\.\.\.|…)$/.test(mark)) throw new Fault("cut");
  const known = /** @type {Record<string, number>} */ ({ True: 1, False: 0 });
  const value = known[mark] ?? numberOf(mark);
  if (value === null) throw new Fault("notNumber", mark);
  return value;
}

/** @param {Nested} block @returns {Nested} */
function rectangular(block) {
  const shape = shapeOf(block);
  if (shape.includes(0)) throw new Fault("empty");
  if (!isEven(block, shape)) throw new Fault("ragged");
  return block;
}

/** @param {Nested} part @param {number[]} shape @returns {boolean} */
function isEven(part, [length, ...inner]) {
  if (length === undefined) return !Array.isArray(part);
  return Array.isArray(part) && part.length === length && part.every((below) => isEven(below, inner));
}

/** Without axes that the figure has not, so that channels of our grammar lie over channels. */
/** @param {Nested} block @param {number} dims @returns {Nested} */
function fitted(block, dims) {
  const shape = shapeOf(block);
  if (dims === 1 && shape.length === 2 && shape[1] === 1) return block.map((/** @type {Nested} */ [value]) => value);
  // Only our grammar and five nested lists are five deep: filter, channel, slice, row, column.
  if (shape.length === 5 && dims < 3 && shape[2] === 1) {
    return block.map((/** @type {Nested[]} */ filter) =>
      filter.map(([slice]) => (dims === 1 && slice.length === 1 ? slice[0] : slice))
    ).map(oneRow(dims));
  }
  return block;
}

/** A column of our grammar is a row on one axis, as that of a spreadsheet is. */
/** @param {number} dims */
function oneRow(dims) {
  return (/** @type {Nested[]} */ filter) =>
    filter.map((channel) => {
      const column = dims === 1 && shapeOf(channel).length === 2 && shapeOf(channel)[1] === 1;
      return column ? channel.map((/** @type {Nested} */ [value]) => value) : channel;
    });
}
