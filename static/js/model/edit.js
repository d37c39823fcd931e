/** Numbers of a tensor changed by hand: which tensors a reader can give, and what a changed one holds. */

/**
 * Numbers nested as deep as a tensor has axes.
 * @typedef {any} Nested
 * @typedef {{index: number[], value: number}} Change
 */

/** The parameter that gives a tensor its values, by the tensor's name. */
const PARAMETERS = /** @type {Record<string, string>} */ ({
  input: "input",
  kernel: "kernel",
  pointwise: "pointwise_kernel",
});

/** @param {string} tensor @returns {string | null} */
export function parameterOf(tensor) {
  return PARAMETERS[tensor] ?? null;
}

/**
 * Whether a reader can change the cells of a tensor: it has numbers, and the kind takes them.
 * @param {string} tensor
 * @param {import("./types.js").Trace} trace
 * @param {import("./query.js").Schema} schema
 */
export function canEdit(tensor, trace, schema) {
  const name = parameterOf(tensor);
  return name !== null && name in schema.properties && Array.isArray(trace.tensors[tensor]?.values);
}

/** What the engine reads as a number; a true minus counts, because that is how the page writes one. */
const NUMBER = /^[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i;

/**
 * The number that a text is, or null.
 * @param {string} text
 * @returns {number | null}
 */
export function numberOf(text) {
  const plain = text.trim().replace("−", "-");
  if (!NUMBER.test(plain)) return null;
  const value = Number(plain);
  return Number.isFinite(value) ? value : null;
}

/**
 * A copy with some cells changed.
 * @param {Nested} values
 * @param {Change[]} changes
 * @returns {Nested}
 */
export function replaced(values, changes) {
  const copy = structuredClone(values);
  for (const { index, value } of changes) {
    let row = copy;
    for (const i of index.slice(0, -1)) row = row[i];
    row[index[index.length - 1]] = value;
  }
  return copy;
}

/** The lengths of nested lists, each taken from its first. */
/** @param {Nested} values @returns {number[]} */
export function shapeOf(values) {
  return Array.isArray(values) ? [values.length, ...shapeOf(values[0])] : [];
}

/**
 * A block of numbers laid over a tensor from one cell on, its last axis along the tensor's last. What would lie
 * beyond an edge is left out and counted; places without a number change nothing.
 * @param {Nested} block
 * @param {number[]} shape  of the tensor
 * @param {number[]} from
 * @returns {{changes: Change[], clipped: number}}
 */
export function laid(block, shape, from) {
  /** @type {Change[]} */
  const changes = [];
  let clipped = 0;
  const size = shapeOf(block);
  const last = shape.length - idle(shape, size);
  const surplus = Math.max(0, size.length - last);
  for (const { place, value } of cells(block)) {
    if (value === null) continue;
    const inner = place.slice(surplus);
    const index = from.map((at, axis) => at + (inner[axis - (last - inner.length)] ?? 0));
    const fits = place.slice(0, surplus).every((i) => i === 0) && index.every((i, axis) => i < shape[axis]);
    if (fits) changes.push({ index, value });
    else clipped += 1;
  }
  return { changes, clipped };
}

/** A 1×1 kernel has no room for a table: its rows are the filters then, its columns the channels. */
/** @param {number[]} shape @param {number[]} size */
function idle(shape, size) {
  const alone = shape.length > 2 && shape.slice(-2).every((length) => length === 1);
  return alone && size.slice(-2).some((length) => length > 1) ? 2 : 0;
}

/** @param {Nested} block @returns {{place: number[], value: number | null}[]} */
function cells(block) {
  if (!Array.isArray(block)) return [{ place: [], value: block }];
  return block.flatMap((part, i) => cells(part).map(({ place, value }) => ({ place: [i, ...place], value })));
}
