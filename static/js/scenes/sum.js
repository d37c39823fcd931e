/** The sum of a step as SVG, in the look of the page's own: boxes a kernel row, products under them, the result. Pure. */

/** @import {Equation, Line, Term} from "../model/equation.js" */
/** @import {Translate} from "../model/strings.js" */
/** @import {Theme} from "../model/theme.js" */
/** @import {Step, Trace} from "../model/types.js" */
/** @import {Piece, Run} from "./pieces.js" */

import { stepsAt } from "../model/clock.js";
import { equationOf } from "../model/equation.js";
import { plain } from "../model/strings.js";
import { lettering } from "./index.js";
import { lettersOf, nameOf } from "./layout.js";
import { boxed, column, line, NOTHING, placed, row, tenth, wrapped } from "./pieces.js";

/**
 * How wide a text is at a size.
 * @typedef {(text: string, size: number, bold?: boolean) => number} Measure
 * The sums of one step: several where stages are compared.
 * @typedef {{name: string, equation: Equation}[]} Sums
 * What sums share that are to look alike: the size of their type (1 as on the page), how many terms are written out,
 * whether boxes may stand in several rows, and how wide terms, results and partial sums are at least (at scale 1).
 * @typedef {{scale: number, most: number, rows: boolean, least: Least}} Look
 * @typedef {{term: number, value: number, partial: number}} Least
 * @typedef {{width: number, height: number}} Room
 * @typedef {{theme: Theme, t: Translate, measure: Measure}} Means
 */

/** Widths where nothing can measure: digits are a little over half as wide as high. On the wide side. */
/** @type {Measure} */
export function estimated(text, size, bold = false) {
  return lettersOf(text) * (bold ? 0.62 : 0.58) * size;
}

/** Type from here down is tried, then terms are folded; the last is for what is long beyond measure. */
const LARGEST = 1.7;
const ONE_ROW = 1.1;
const LEAST = 0.8;
const DOWN = 0.94;
/** Terms written out; the rest becomes «… and n more». Fewer where several sums stand under each other. */
const FOLDS = [27, 18, 12, 9, 6, 4, 2, 1];
const MOST_OF_SEVERAL = 9;
const MOST_LINES = 3;

/** The sums of a step, with the names of what they make. */
/** @param {Trace} trace @param {number} number @param {Translate} t @returns {Sums} */
export function sumsAt(trace, number, t) {
  return stepsAt(trace, number).map((step) => ({
    name: nameOf(step.stage.output, t),
    equation: equationOf(trace, step, lettering(trace, step.stage)),
  }));
}

/**
 * The look in which all of some sums fit a room: the largest type in one row, smaller type, several rows, fewer terms.
 * @param {Sums[]} all
 * @param {Room} room
 * @param {Means} means
 * @returns {Look}
 */
export function lookOf(all, room, means) {
  const least = leastOf(all, means);
  const heavy = [...all].sort((a, b) => weight(b) - weight(a));
  const fits = (/** @type {Look} */ look) =>
    heavy.every((sums) => {
      const { w, h } = sumsPiece(sums, look, room, means);
      return w <= room.width && h <= room.height;
    });
  for (const most of FOLDS) {
    for (const rows of [false, true]) {
      for (const scale of scales(LARGEST, rows ? LEAST : ONE_ROW)) {
        const look = { scale, most, rows, least };
        if (fits(look)) return look;
      }
    }
  }
  for (const scale of scales(LEAST, 0.05)) {
    const look = { scale, most: 1, rows: true, least: NONE };
    if (fits(look)) return look;
  }
  return { scale: 0.05, most: 1, rows: true, least: NONE };
}

/** @type {Least} */
const NONE = { term: 0, value: 0, partial: 0 };

/** @param {number} from @param {number} to */
function scales(from, to) {
  const count = Math.ceil(Math.log(to / from) / Math.log(DOWN));
  return Array.from({ length: count + 1 }, (_, n) => Math.max(to, from * DOWN ** n));
}

/** About how long the sums of a step are, so that the longest are tried first. */
/** @param {Sums} sums */
function weight(sums) {
  return sums.reduce((all, { equation: { lines } }) =>
    all + lines.flatMap(({ boxes }) => boxes.flat()).reduce((n, { left, right, product }) =>
      n + [left, right, product].reduce((/** @type {number} */ sum, value) => sum + plain(value).length, 3), 9), 0);
}

/** Terms and results as wide as the widest of all steps, so that nothing jumps from one step to the next. */
/** @param {Sums[]} all @param {Means} means @returns {Least} */
function leastOf(all, { measure }) {
  const equations = all.flat().map(({ equation }) => equation);
  const lines = equations.flatMap((equation) => equation.lines);
  const terms = lines.flatMap((found) => found.boxes.flat());
  const widest = (/** @type {number[]} */ widths) => widths.reduce((most, width) => Math.max(most, width), 0);
  const typical = widest(terms.map((term) => Math.max(
    measure(pairText(term), PAIR, true),
    term.right === null ? 0 : measure(plain(term.product), 14, true),
  )));
  return {
    // One number of many digits shall not spread all others.
    term: Math.min(typical, 64),
    value: Math.min(widest(equations.map(({ value }) => measure(plain(value), 28, true))), 160),
    partial: Math.min(widest(lines.map(({ sum }) => measure(`= ${plain(sum)}`, 16, true))), 120),
  };
}

/** @param {Term} term */
function pairText({ left, right }) {
  return `${left === null ? "–" : plain(left)}${right === null ? "" : `·${factor(right)}`}`;
}

/**
 * The sums of a step as one piece.
 * @param {Sums} sums
 * @param {Look} look
 * @param {{width: number}} room
 * @param {Means} means
 * @returns {Piece}
 */
export function sumsPiece(sums, look, { width }, means) {
  const k = look.scale;
  if (sums.length === 0) return NOTHING;
  if (sums.length === 1) {
    const { lead, body, tail } = partsOf(sums[0].equation, look, width, means, false);
    return row([lead, body, tail], 10 * k);
  }
  const names = sums.map(({ name }) =>
    line([{ text: name, color: means.theme.muted, bold: true }], 15 * k, means.measure, { anchor: "start" })
  );
  const names_w = Math.max(...names.map(({ w }) => w));
  const several = { ...look, most: Math.min(look.most, MOST_OF_SEVERAL) };
  const parts = sums.map(({ equation }) => partsOf(equation, several, width - names_w - 20 * k, means, true));
  const wide = (/** @type {"lead" | "body" | "tail"} */ part) => Math.max(...parts.map((found) => found[part].w));
  return column(
    parts.map(({ lead, body, tail }, n) =>
      row([
        placed(names[n], names_w, "start"),
        ...(wide("lead") > 0 ? [placed(lead, wide("lead"))] : []),
        placed(body, wide("body")),
        placed(tail, wide("tail"), "end"),
      ], 10 * k)
    ),
    10 * k,
    "start",
  );
}

/** Numbers that are multiplied, at scale 1. */
const PAIR = 20;
/** Kinds whose numbers are added up. */
const ADDED = ["sum", "mean"];
/** Characters of the weights on a line; above this, terms are set closer. */
const ROOMY = 14;

/**
 * What stands before the terms of an equation, they themselves, and what stands behind them.
 * @param {Equation} equation
 * @param {Look} look
 * @param {number} width
 * @param {Means} means
 * @param {boolean} several
 * @returns {{lead: Piece, body: Piece, tail: Piece}}
 */
function partsOf(equation, look, width, means, several) {
  const k = look.scale;
  const { kind, lines, divisor } = equation;
  const { theme, t, measure } = means;
  const word = (/** @type {string} */ text) => line([{ text, color: theme.muted }], PAIR * k, measure);
  const value = valuePiece(equation, look, means, several);
  const stamp = kind === "stamp";
  const lead = stamp
    ? row([value, word("×")], 10 * k)
    : kind === "relu"
    ? word("max 0,")
    : kind === "sum"
    ? NOTHING
    : word(t(`sum.${kind}`));
  const empty = equation.terms === 0 && equation.bias === null;
  const signed = lines.length < 2 && !empty;
  const tail = stamp
    ? NOTHING
    : row([kind === "mean" ? word(`÷ ${divisor}`) : NOTHING, signed ? word("=") : NOTHING, value], 10 * k);
  if (empty) return { lead, body: note(t("sum.none"), k, means), tail };
  const room = Math.max(0, width - lead.w - tail.w - 20 * k);
  const { shown, left } = folded(lines, look.most);
  const extra = extraPieces(equation, left, k, means);
  const body = lines.length < 2
    ? inBoxes(shown[0]?.boxes ?? [], extra, equation, look, room, means)
    : inLines(shown, extra, kind, look, room, means);
  return { lead, body, tail };
}

/** @param {string} text @param {number} k @param {Means} means */
function note(text, k, { theme, measure }) {
  return line([{ text, color: theme.muted }], 15 * k, measure);
}

/** The bias, and how many terms are left out. */
/** @param {Equation} equation @param {number} left @param {number} k @param {Means} means @returns {Piece[]} */
function extraPieces({ bias, terms }, left, k, { theme, t, measure }) {
  const runs = (/** @type {Run[]} */ found) => line(found, 15 * k, measure);
  return [
    ...(left > 0 ? [runs([{ text: t("sum.more", { n: left }), color: theme.muted }])] : []),
    ...(bias === null ? [] : [runs([
      { text: terms ? "+ " : "", color: theme.muted },
      { text: plain(bias), color: theme.text, bold: true },
      { text: t("sum.bias"), color: theme.muted, space: 5 * k },
    ])]),
  ];
}

/**
 * So many terms of some lines, and how many are left.
 * @param {Line[]} lines
 * @param {number} most
 * @returns {{shown: Line[], left: number}}
 */
function folded(lines, most) {
  const all = termsIn(lines);
  let room = most;
  const shown = lines.slice(0, lines.length > MOST_LINES + 1 ? MOST_LINES : lines.length).map((found) => ({
    ...found,
    boxes: found.boxes.map((box) => {
      const kept = box.slice(0, Math.max(room, 0));
      room -= kept.length;
      return kept;
    }).filter((box) => box.length > 0),
  })).filter(({ boxes }) => boxes.length > 0);
  return { shown, left: all - termsIn(shown) };
}

/** @param {Line[]} lines */
function termsIn(lines) {
  return lines.reduce((sum, { boxes }) => sum + boxes.reduce((all, box) => all + box.length, 0), 0);
}

/** The yellow result. */
/** @param {Equation} equation @param {Look} look @param {Means} means @param {boolean} several */
function valuePiece({ value }, { scale: k, least }, { theme, measure }, several) {
  const [size, high] = several ? [22, 40] : [28, 54];
  const { fill, outline, text } = theme.highlight;
  const number = line([{ text: plain(value), color: text, bold: true }], size * k, measure, {
    least: least.value * (size / 28) * k,
  });
  return boxed(number, {
    x: 15 * k,
    top: 0,
    bottom: 0,
    radius: 10 * k,
    stroke: outline,
    width: 3 * k,
    fill,
    w: 84 * k,
    h: high * k,
  });
}

/**
 * The rows of a kernel in boxes.
 * @param {Term[][]} boxes
 * @param {Piece[]} extra
 * @param {Equation} equation
 * @param {Look} look
 * @param {number} room
 * @param {Means} means
 * @returns {Piece}
 */
function inBoxes(boxes, extra, { kind }, look, room, means) {
  const { theme, measure } = means;
  const k = look.scale;
  const terms = boxes.flat();
  const tight = terms.reduce((sum, { right }) => sum + factor(right).length, 0) > ROOMY;
  const lone = kind === "max" || kind === "mean";
  const style = { gap: (tight ? 5 : 8) * k, side: (tight ? 9 : 12) * k, pair: (tight ? 17 : PAIR) * k };
  const least = k * Math.max(lone ? 22 : tight ? 32 : 38, look.least.term * (tight ? 17 / PAIR : 1));
  const plus = line([{ text: "+", color: theme.muted }], 16 * k, measure, { line: 28 * k });
  const added = ADDED.includes(kind);
  const inner = look.rows ? room - 2 * style.side - 40 * k : Infinity;
  const framed = boxes.map((box) => {
    const found = box.map((term, n) => {
      const drawn = termPiece(term, style.pair, least, k, means);
      return added && n < box.length - 1 ? row([drawn, plus], style.gap, "top") : drawn;
    });
    return boxed(wrapped(found, inner, { gap: style.gap, between: 4 * k }), {
      x: style.side,
      top: 5 * k,
      bottom: 4 * k,
      radius: 10 * k,
      stroke: theme.divider,
      width: Math.max(1, k),
    });
  });
  const sign = line([{ text: "+", color: theme.muted }], PAIR * k, measure);
  const joined = framed.map((box, n) => (added && n < framed.length - 1 ? row([box, sign], 10 * k) : box));
  return wrapped([...joined, ...extra], look.rows ? room : Infinity, { gap: 10 * k, between: 8 * k });
}

/**
 * A term: its two numbers, the product under them, and the letter of its stamp.
 * @param {Term} term
 * @param {number} size
 * @param {number} least
 * @param {number} k
 * @param {Means} means
 * @returns {Piece}
 */
function termPiece(term, size, least, k, means) {
  const { theme, measure } = means;
  const opacity = term.padding ? 0.75 : 1;
  const pair = line(pairRuns(term, size, theme), size, measure, { line: 28 * k, least, opacity });
  if (term.right === null) return pair;
  const product = line(
    [{ text: plain(term.product), color: term.product ? theme.text : theme.muted, bold: Boolean(term.product) }],
    14 * k,
    measure,
    { line: 18 * k, opacity },
  );
  const both = column([pair, product], 0);
  if (!term.letter) return both;
  const badge = badgePiece(term.letter, k, means);
  return {
    ...both,
    draw: (x, y) => badge.draw(x - 0.4 * badge.w, y + both.h - k - badge.h) + both.draw(x, y),
  };
}

/** @param {Term} term @param {number} size @param {Theme} theme @returns {Run[]} */
function pairRuns({ left, right, padding }, size, { roles, text }) {
  const read = {
    text: left === null ? "–" : plain(left),
    color: padding ? roles.padding.ink : roles.input.ink,
    bold: !padding,
  };
  if (right === null) return [read];
  const space = 0.06 * size;
  return [
    read,
    { text: "·", color: text, bold: true, space },
    { text: factor(right), color: roles.kernel.ink, bold: true, space },
  ];
}

/** @param {string} letter @param {number} k @param {Means} means @returns {Piece} */
function badgePiece(letter, k, { theme, measure }) {
  const group = theme.groups[(letter.charCodeAt(0) - 97) % theme.groups.length];
  const text = line([{ text: letter, color: group.ink, bold: true }], 12 * k, measure, { line: 16 * k });
  const w = text.w + 8 * k;
  return {
    w,
    h: text.h,
    draw: (x, y) =>
      `<rect x="${tenth(x)}" y="${tenth(y)}" width="${tenth(w)}" height="${tenth(text.h)}" rx="${tenth(3 * k)}" fill="${group.fill}"/>` +
      text.draw(x + 4 * k, y),
  };
}

/** @param {number | null} value */
function factor(value) {
  return value !== null && value < 0 ? `(${plain(value)})` : plain(value);
}

/**
 * A channel a line: its name, its terms, what they come to.
 * @param {Line[]} lines
 * @param {Piece[]} extra
 * @param {Equation["kind"]} kind
 * @param {Look} look
 * @param {number} room
 * @param {Means} means
 * @returns {Piece}
 */
function inLines(lines, extra, kind, look, room, means) {
  const { theme, t, measure } = means;
  const k = look.scale;
  const names = lines.map((found) =>
    line(
      [{
        text: t(`sum.${found.name || "channel"}`, { n: found.number }),
        color: found.name === "map" ? theme.roles.output.ink : theme.roles.input.ink,
        bold: true,
      }],
      14 * k,
      measure,
      { anchor: "start", line: 28 * k },
    )
  );
  const sums = lines.map(({ sum }) =>
    kind === "stamp" ? NOTHING : line(
      [{ text: "=", color: theme.muted }, { text: plain(sum), color: theme.roles.hidden.ink, bold: true, space: 5 * k }],
      16 * k,
      measure,
      { anchor: "end", least: look.least.partial * k },
    )
  );
  const first = Math.max(...names.map(({ w }) => w));
  const last = Math.max(...sums.map(({ w }) => w));
  const space = room - first - last - 24 * k;
  const bodies = lines.map(({ boxes }) => pairsPiece(boxes.flat(), kind, look, space, means));
  const middle = Math.max(...bodies.map(({ w }) => w));
  const rows = lines.map((_, n) =>
    row([placed(names[n], first, "start"), placed(bodies[n], middle, "start"), placed(sums[n], last, "end")], 12 * k)
  );
  return column([...rows, row(extra, 16 * k)], 0, "start");
}

/**
 * The pairs of a line, without boxes.
 * @param {Term[]} terms
 * @param {Equation["kind"]} kind
 * @param {Look} look
 * @param {number} room
 * @param {Means} means
 * @returns {Piece}
 */
function pairsPiece(terms, kind, look, room, means) {
  const { theme, measure } = means;
  const [size, gap] = [17 * look.scale, 6 * look.scale];
  const least = look.least.term * (size / PAIR);
  const sign = line([{ text: kind === "stamp" ? "," : "+", color: theme.muted }], size, measure, { line: size * 1.55 });
  const found = terms.map((term, n) => {
    const pair = line(pairRuns(term, size, theme), size, measure, { line: size * 1.55, least });
    return n < terms.length - 1 ? row([pair, sign], gap) : pair;
  });
  return wrapped(found, look.rows ? room : Infinity, { gap, between: 0, align: "start" });
}
