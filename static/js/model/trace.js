/** Look-ups on a trace: which step stands where, and which input, kernel and output cells meet. */

/** @import {Trace, Stage, Step, Cell, Lattice, Tensor, Axis} from "./types.js" */

/**
 * The stage in which a step (counted from 1) falls; the first stage for step 0.
 * @param {Trace} trace
 * @param {number} step
 * @returns {Stage}
 */
export function stageAt(trace, step) {
  const behind = trace.stages.filter((stage) => stage.steps.offset < step);
  return behind[behind.length - 1] ?? trace.stages[0];
}

/**
 * The step with this number, counted from 1; null for the empty state and for steps that the trace does not carry.
 * @param {Trace} trace
 * @param {number} number
 * @returns {Step | null}
 */
export function stepAt(trace, number) {
  if (number < 1) return null;
  const stage = stageAt(trace, number);
  const at = number - 1 - stage.steps.offset - stage.steps.start;
  if (!(at in stage.steps.position)) return null;
  const { position, products, value } = stage.steps;
  return { number, stage, position: position[at], products: products[at], value: value[at] };
}

/**
 * The first step of the next or previous row of the figure.
 * @param {Trace} trace
 * @param {number} number
 * @param {1 | -1} direction
 */
export function rowStep(trace, number, direction) {
  const total = trace.facts.steps;
  const rowOf = (/** @type {number} */ n) => {
    const step = stepAt(trace, n);
    return step ? `${step.stage.id} ${step.position.slice(0, -1).join(" ")}` : "";
  };
  const first = (/** @type {number} */ n) => {
    while (n > 1 && rowOf(n - 1) === rowOf(n)) n -= 1;
    return n;
  };
  if (direction < 0) {
    const start = first(number);
    return start < number ? start : first(Math.max(number - 1, 0));
  }
  let n = number;
  while (n < total && rowOf(n + 1) === rowOf(number)) n += 1;
  return Math.min(n + 1, total);
}

/**
 * The value of one cell, or null where the tensor carries none.
 * @param {Tensor} tensor
 * @param {number[]} index
 * @returns {number | null}
 */
export function valueAt(tensor, index) {
  let value = tensor.values;
  for (const i of index) value = value?.[i];
  return typeof value === "number" ? value : null;
}

/**
 * The taps that one output cell reads, in the order of the step's products.
 * `input` is null for a tap on padding (or between the cells of a stride); `at` is where it stands.
 * @param {Stage} stage
 * @param {number[]} cell  (channel, spatial…) of the output
 * @returns {{input: number[] | null, kernel: number[], at: number[], channel: number}[]}
 */
export function tapsOf(stage, cell) {
  const [filter, ...where] = cell;
  const rows = stage.axes.map((axis, a) => taps(axis, where[a]));
  return stage.channels[filter].flatMap((channel, local) =>
    product(rows).map((tap) => ({
      channel,
      at: tap.map((t) => t.at),
      input: tap.every((t) => t.source >= 0) ? [channel, ...tap.map((t) => t.source)] : null,
      kernel: kernelIndex(stage, channel, filter, local, tap.map((t) => t.t)),
    }))
  );
}

/**
 * The cells that one input cell writes, in the order of the products of its step; null where the stamp is cropped.
 * @param {Stage} stage
 * @param {number[]} cell  (channel, spatial…) of the input
 * @returns {{output: number[] | null, kernel: number[], filter: number}[]}
 */
export function stampOf(stage, cell) {
  const [channel, ...where] = cell;
  const rows = stage.axes.map((axis, a) =>
    (axis.targets ?? [])[where[a]].map((target, t) => ({ target, t }))
  );
  return stage.channels[channel].flatMap((filter, local) =>
    product(rows).map((tap) => ({
      filter,
      output: tap.every((t) => t.target >= 0) ? [filter, ...tap.map((t) => t.target)] : null,
      kernel: [channel, local, ...tap.map((t) => t.t)],
    }))
  );
}

/**
 * Everything that one cell of a stage meets, as products of index lists an axis: cheap for any size of grid.
 * @param {Trace} trace
 * @param {Cell} cell
 * @returns {Lattice[]}
 */
export function touched(trace, cell) {
  return trace.stages.flatMap((stage) => {
    if (cell.tensor === stage.output) return meetOutput(stage, cell.index);
    if (cell.tensor === stage.input) return meetInput(stage, cell.index);
    if (cell.tensor === stage.kernel) return meetKernel(stage, cell.index);
    return [];
  });
}

/** @param {Stage} stage @param {number[]} index @returns {Lattice[]} */
function meetOutput(stage, [filter, ...where]) {
  const met = stage.axes.map((axis, a) => sources(axis)[where[a]].map((source, t) => ({ source, t })));
  const live = met.map((taps) => taps.filter((tap) => tap.source >= 0));
  return readers(stage).filter((wire) => wire.filter === filter).flatMap((wire) =>
    lattices(
      stage,
      wire,
      live.map((taps) => unique(taps.map((tap) => tap.source))),
      live.map(tapNumbers),
      null,
    )
  );
}

/** @param {Stage} stage @param {number[]} index @returns {Lattice[]} */
function meetInput(stage, [channel, ...where]) {
  const met = stage.axes.map((axis, a) =>
    sources(axis).flatMap((row, o) => row.flatMap((source, t) => (source === where[a] ? [{ o, t }] : [])))
  );
  const outputs = met.map((pairs) => unique(pairs.map((pair) => pair.o)));
  return readers(stage).filter((wire) => wire.channel === channel).flatMap((wire) =>
    lattices(stage, wire, null, met.map(tapNumbers), outputs)
  );
}

/** @param {Stage} stage @param {number[]} index @returns {Lattice[]} */
function meetKernel(stage, index) {
  const where = index.slice(2);
  const met = stage.axes.map((axis, a) =>
    sources(axis).flatMap((row, o) => (row[where[a]] >= 0 ? [{ o, source: row[where[a]] }] : []))
  );
  return readers(stage)
    .filter((wire) => same(kernelIndex(stage, wire.channel, wire.filter, wire.local, where), index))
    .flatMap((wire) =>
      lattices(
        stage,
        wire,
        met.map((m) => unique(m.map((p) => p.source))),
        null,
        met.map((m) => unique(m.map((p) => p.o))),
      )
    );
}

/**
 * @param {Stage} stage
 * @param {{channel: number, filter: number, local: number}} wire
 * @param {number[][] | null} inputs
 * @param {number[][] | null} taps
 * @param {number[][] | null} outputs
 * @returns {Lattice[]}
 */
function lattices(stage, wire, inputs, taps, outputs) {
  /** @type {Lattice[]} */
  const found = [];
  if (inputs) found.push({ tensor: stage.input, axes: [[wire.channel], ...inputs] });
  if (taps && stage.kernel) {
    const [first, second] = kernelIndex(stage, wire.channel, wire.filter, wire.local, []);
    found.push({ tensor: stage.kernel, axes: [[first], [second], ...taps] });
  }
  if (outputs) found.push({ tensor: stage.output, axes: [[wire.filter], ...outputs] });
  return found.filter((lattice) => lattice.axes.every((axis) => axis.length > 0));
}

/**
 * Which input channel is wired to which output channel, whichever way the stage's table runs.
 * `local` counts the channels of the kernel's second axis.
 * @param {Stage} stage
 * @returns {{channel: number, filter: number, local: number}[]}
 */
export function readers(stage) {
  if (stage.operation !== "transpose") {
    return stage.channels.flatMap((row, filter) => row.map((channel, local) => ({ channel, filter, local })));
  }
  const wires = stage.by === "input"
    ? stage.channels.flatMap((row, channel) => row.map((filter) => ({ channel, filter })))
    : stage.channels.flatMap((row, filter) => row.map((channel) => ({ channel, filter })));
  return wires.map(({ channel, filter }) => ({
    channel,
    filter,
    local: wires.filter((other) => other.channel === channel && other.filter < filter).length,
  }));
}

/**
 * A kernel is (filter, channel of the group, taps…), of a transpose (input channel, output channel of the group, taps…).
 * @param {Stage} stage
 * @param {number} channel
 * @param {number} filter
 * @param {number} local
 * @param {number[]} tap
 */
function kernelIndex(stage, channel, filter, local, tap) {
  if (stage.operation !== "transpose") return [filter, local, ...tap];
  const wire = stage.by === "input"
    ? stage.channels[channel].indexOf(filter)
    : readers(stage).find((found) => found.channel === channel && found.filter === filter)?.local ?? local;
  return [channel, wire, ...tap];
}

/** The sums reached last, so that playing on adds one stamp and not all of them. */
/** @type {WeakMap<Stage, {number: number, sums: Map<string, number>}>} */
const reached = new WeakMap();

/**
 * Sums so far of a stage that spreads its input, from the products and targets of the trace.
 * @param {Trace} trace
 * @param {Stage} stage
 * @param {number} number
 * @returns {Map<string, number>} by the output cell's index, joined with commas
 */
export function runningSums(trace, stage, number) {
  const before = reached.get(stage);
  const last = Math.min(number, stage.steps.offset + stage.steps.total);
  const known = before && before.number <= last ? before : { number: stage.steps.offset, sums: new Map() };
  for (let n = known.number + 1; n <= last; n += 1) {
    const step = stepAt(trace, n);
    if (!step || step.stage !== stage) continue;
    stampOf(stage, step.position).forEach(({ output, filter }, column) => {
      if (!output) return;
      const key = output.join();
      known.sums.set(key, (known.sums.get(key) ?? stage.bias?.[filter] ?? 0) + (step.products[column] ?? 0));
    });
  }
  known.number = Math.max(last, known.number);
  reached.set(stage, known);
  return known.sums;
}

/**
 * Which input index stands on a coordinate outside the input, for the ring that shows padding.
 * @param {Axis} axis
 * @param {number} size
 * @returns {Map<number, number>}
 */
export function borders(axis, size) {
  const found = new Map();
  axis.at.forEach((row, o) =>
    row.forEach((at, t) => {
      if (at < 0 || at >= size) found.set(at, sources(axis)[o][t]);
    })
  );
  return found;
}

/** @param {Axis} axis */
function sources(axis) {
  return axis.source ?? axis.at;
}

/** @param {Axis} axis @param {number} output */
function taps(axis, output) {
  return axis.at[output].map((at, t) => ({ at, t, source: sources(axis)[output][t] }));
}

/** @param {{t: number}[]} taps */
function tapNumbers(taps) {
  return unique(taps.map((tap) => tap.t));
}

/** @param {number[]} list */
function unique(list) {
  return [...new Set(list)].sort((a, b) => a - b);
}

/** @param {number[]} a @param {number[]} b */
function same(a, b) {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

/**
 * Every way to pick one of each list, the last fastest.
 * @template T
 * @param {T[][]} lists
 * @returns {T[][]}
 */
export function product(lists) {
  return lists.reduce(
    (/** @type {T[][]} */ found, list) => found.flatMap((head) => list.map((item) => [...head, item])),
    [[]],
  );
}
