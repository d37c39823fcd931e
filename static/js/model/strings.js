/** The words of the page: `t("key", {n: 3})` fills the placeholders of a string. */

/** @typedef {(key: string, values?: Record<string, unknown>) => string} Translate */

/**
 * @param {Record<string, string>} strings
 * @returns {Translate}
 */
export function translator(strings) {
  /** Texts at even places, names of what is filled in at odd ones: a layout asks for the same strings many times. */
  /** @type {Map<string, string[]>} */
  const parted = new Map();
  return (key, values = {}) => {
    const parts = parted.get(key) ?? strings[key]?.split(/\{(\w+)\}/);
    if (!parts) throw new Error(`unknown string: ${key}`);
    parted.set(key, parts);
    return parts.map((part, n) => {
      if (n % 2 === 0) return part;
      if (!(part in values)) throw new Error(`string ${key} wants {${part}}`);
      return String(values[part]);
    }).join("");
  };
}

/**
 * A number as the page writes it: a true minus, at most `digits` decimals.
 * @param {number | null | undefined} value
 * @param {number} [digits]
 */
export function plain(value, digits = 2) {
  if (value === null || value === undefined) return "";
  const size = Math.abs(value);
  // Most numbers of a figure are whole and small, and there are many of them.
  if (Number.isInteger(value) && size < 1e6) return value < 0 ? `−${size}` : String(size);
  const written = size !== 0 && (size >= 1e6 || size < 10 ** -digits)
    ? size.toExponential(digits - 1).replace(".0e", "e").replace("e+", "e").replace("e-", "e−")
    : String(Number(size.toFixed(digits)));
  return value < 0 && written !== "0" ? `−${written}` : written;
}

/**
 * A count with thin spaces between thousands.
 * @param {number} value
 */
export function count(value) {
  return String(value).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

/**
 * Sizes as the page writes them: «5 × 5».
 * @param {number[]} sizes
 */
export function times(sizes) {
  return sizes.map(String).join(" × ");
}

/**
 * Indices counted from 1, as runs where they follow each other: «2–4» or «1, 3, 5».
 * @param {number[]} indices
 */
export function span(indices) {
  const shown = [...new Set(indices)].sort((a, b) => a - b).map((i) => i + 1);
  const runs = /** @type {number[][]} */ ([]);
  for (const i of shown) {
    const last = runs[runs.length - 1];
    if (last && last[last.length - 1] === i - 1) last.push(i);
    else runs.push([i]);
  }
  return runs.map((run) => (run.length > 2 ? `${run[0]}–${run[run.length - 1]}` : run.join(", "))).join(", ");
}
