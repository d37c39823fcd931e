/** Traces small enough to be computed by hand. */

/** @import {Trace} from "../../static/js/model/types.js" */
/** @import {Theme} from "../../static/js/model/theme.js" */

/** A 3×3 input, a 2×2 kernel, nothing added: 1·1 + 2·0 + 4·0 + 5·2 = 11 in the first cell. */
export function direct() {
  const at = [[0, 1], [1, 2]];
  return trace({
    tensors: {
      input: tensor("input", [[[1, 2, 3], [4, 5, 6], [7, 8, 9]]]),
      kernel: tensor("kernel", [[[[1, 0], [0, 2]]]]),
      output: tensor("output", [[[11, 14], [20, 23]]]),
    },
    stages: [stage({
      axes: [{ at, source: at }, { at, source: at }],
      steps: steps({
        position: [[0, 0, 0], [0, 0, 1], [0, 1, 0], [0, 1, 1]],
        products: [[1, 0, 0, 10], [2, 0, 0, 12], [4, 0, 0, 16], [5, 0, 0, 18]],
        value: [11, 14, 20, 23],
      }),
    })],
  });
}

/** The same twice, as stages of a pipeline. */
export function twoStages() {
  const once = direct();
  const [stage] = once.stages;
  const steps = { ...stage.steps, offset: stage.steps.total };
  return {
    ...once,
    tensors: { ...once.tensors, again: once.tensors.output },
    stages: [stage, { ...stage, id: "second", output: "again", steps }],
    facts: { ...once.facts, steps: 2 * stage.steps.total },
  };
}

/** A row of four, summed two by two, twice: 4 cells, 3 between, 2 at the end. */
export function chained() {
  const axis = (/** @type {number} */ n) => {
    const at = Array.from({ length: n }, (_, o) => [o, o + 1]);
    return { at, source: at };
  };
  const first = stage({
    output: "between",
    axes: [axis(3)],
    steps: steps({ position: [[0, 0], [0, 1], [0, 2]], products: [[1, 2], [2, 3], [3, 4]], value: [3, 5, 7] }),
  });
  const second = stage({
    id: "second",
    input: "between",
    axes: [axis(2)],
    steps: { ...steps({ position: [[0, 0], [0, 1]], products: [[3, 5], [5, 7]], value: [8, 12] }), offset: 3 },
  });
  return trace({
    tensors: {
      input: tensor("input", [[1, 2, 3, 4]]),
      kernel: tensor("kernel", [[[1, 1]]]),
      between: tensor("hidden", [[3, 5, 7]]),
      output: tensor("output", [[8, 12]]),
    },
    stages: [first, second],
  });
}

/** The same twice, side by side. */
export function compared() {
  const trace = twoStages();
  return { ...trace, facts: { ...trace.facts, compared: trace.stages.map(({ id }) => id) } };
}

/** A row of two cells, padded by one on either side with what wraps around; kernel [1, 10]. */
export function wrapped() {
  return trace({
    tensors: {
      input: tensor("input", [[3, 4]]),
      kernel: tensor("kernel", [[[1, 10]]]),
      output: tensor("output", [[34, 43, 34]]),
    },
    stages: [stage({
      padding: [[1, 1]],
      axes: [{ at: [[-1, 0], [0, 1], [1, 2]], source: [[1, 0], [0, 1], [1, 0]] }],
      steps: steps({
        position: [[0, 0], [0, 1], [0, 2]],
        products: [[4, 30], [3, 40], [4, 30]],
        value: [34, 43, 34],
      }),
    })],
  });
}

/** Two channels in two groups: each filter reads one channel, a 1×1 kernel. */
export function grouped() {
  const at = [[0], [1]];
  return trace({
    tensors: {
      input: tensor("input", [[[1, 2], [3, 4]], [[5, 6], [7, 8]]]),
      kernel: tensor("kernel", [[[[2]]], [[[3]]]]),
      output: tensor("output", [[[2, 4], [6, 8]], [[15, 18], [21, 24]]]),
    },
    stages: [stage({
      groups: 2,
      channels: [[0], [1]],
      bias: [0, 0],
      axes: [{ at, source: at }, { at, source: at }],
      steps: steps({
        position: [[0, 0, 0], [0, 0, 1], [0, 1, 0], [0, 1, 1], [1, 0, 0], [1, 0, 1], [1, 1, 0], [1, 1, 1]],
        products: [[2], [4], [6], [8], [15], [18], [21], [24]],
        value: [2, 4, 6, 8, 15, 18, 21, 24],
      }),
    })],
  });
}

/**
 * A row of two cells, stride 1, kernel [1, 2, 3]: two stamps that overlap in two cells.
 * @param {string} [by]
 */
export function stamped(by = "input") {
  const axis = {
    at: [[0, -1, -2], [1, 0, -1], [2, 1, 0], [3, 2, 1]],
    source: [[0, -1, -1], [1, 0, -1], [-1, 1, 0], [-1, -1, 1]],
    targets: [[0, 1, 2], [1, 2, 3]],
  };
  const byInput = { position: [[0, 0], [0, 1]], products: [[5, 10, 15], [7, 14, 21]], value: [5, 7] };
  const byOutput = {
    position: [[0, 0], [0, 1], [0, 2], [0, 3]],
    products: [[5, 0, 0], [7, 10, 0], [0, 14, 15], [0, 0, 21]],
    value: [5, 17, 29, 21],
  };
  return trace({
    tensors: {
      input: tensor("input", [[5, 7]]),
      kernel: tensor("kernel", [[[1, 2, 3]]]),
      output: tensor("output", [[5, 17, 29, 21]]),
    },
    stages: [stage({
      id: "transposed",
      operation: "transpose",
      by,
      axes: [axis],
      steps: steps(by === "input" ? byInput : byOutput),
    })],
  });
}

/**
 * A square of ones of any size under a 3×3 kernel of ones, to see what grows with the grid.
 * @param {number} size
 */
export function ones(size) {
  const outputs = size - 2;
  const square = (/** @type {number} */ n) => Array.from({ length: n }, () => Array(n).fill(1));
  const at = Array.from({ length: outputs }, (_, o) => [o, o + 1, o + 2]);
  const position = Array.from(
    { length: outputs * outputs },
    (_, n) => [0, Math.floor(n / outputs), n % outputs],
  );
  return trace({
    tensors: {
      input: tensor("input", [square(size)]),
      kernel: tensor("kernel", [[square(3)]]),
      output: tensor("output", [square(outputs).map((row) => row.map(() => 9))]),
    },
    stages: [stage({
      axes: [{ at, source: at }, { at, source: at }],
      steps: steps({
        position,
        products: position.map(() => Array(9).fill(1)),
        value: position.map(() => 9),
      }),
    })],
  });
}

/** @type {Theme} */
export const THEME = {
  name: "light",
  roles: Object.fromEntries(
    ["input", "kernel", "output", "hidden", "padding"].map((role) => [role, triple()]),
  ),
  groups: [triple(), triple(), triple(), triple()],
  text: "#111111",
  muted: "#666666",
  surface: "#ffffff",
  divider: "#dddddd",
  edge: "#888888",
  ramp: ["#d0efe2", "#8fd3b8", "#0b7a59"],
  rampText: "#ffffff",
  highlight: { fill: "#ffee00", outline: "#000000", text: "#000000" },
  font: "sans-serif",
  width: { grid: 1.2, outline: 2, window: 4 },
  legible: { number: 23, dense: 14, weight: 38, room: 26 },
  cell: 56,
  label: 15,
  small: 13,
  edgeRoom: 3,
  fit: () => 12,
};

function triple() {
  return { ink: "#123456", line: "#345678", fill: "#abcdef" };
}

/**
 * Says the key and its values, so that tests see what would be said.
 * @param {string} key
 * @param {Record<string, unknown>} [values]
 */
export function t(key, values = {}) {
  return `${key} ${JSON.stringify(values)}`;
}

/** @param {string} role @param {any} values */
function tensor(role, values) {
  const shape = /** @type {number[]} */ ([]);
  for (let part = values; Array.isArray(part); part = part[0]) shape.push(part.length);
  return { role, axes: shape.map(String), shape, values };
}

/** @param {any} parts */
function stage(parts) {
  return {
    id: "correlate",
    operation: "correlate",
    by: "output",
    input: "input",
    kernel: "kernel",
    output: "output",
    groups: 1,
    padding: parts.axes.map(() => [0, 0]),
    channels: [[0]],
    bias: null,
    ...parts,
  };
}

/** @param {any} columns */
function steps(columns) {
  return { start: 0, count: columns.position.length, total: columns.position.length, offset: 0, ...columns };
}

/** @param {any} parts @returns {Trace} */
function trace({ tensors, stages }) {
  const total = stages.reduce(
    (/** @type {number} */ sum, /** @type {any} */ stage) => sum + stage.steps.total,
    0,
  );
  return {
    kind: "fixture",
    params: {},
    tensors,
    stages,
    facts: /** @type {any} */ ({ steps: total, formulas: [] }),
  };
}
