/** Look-ups on a trace: which input, kernel and output cells meet. */

/** @import {Trace, Stage, Cell, Lattice, Tensor, Axis} from "./types.js" */

import { liveStep, spanOf } from "./clock.js";
import { grouped } from "./groups.js";

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
 * `input` is null for a tap on padding (or between the cells of a stride); `at` is where it stands; `weight` is the
 * share that a resize takes of it, null for all other stages.
 * @param {Stage} stage
 * @param {number[]} cell  (channel, spatial…) of the output
 * @returns {{input: number[] | null, kernel: number[], at: number[], channel: number, weight: number | null}[]}
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
      weight: tap.reduce((all, { weight }) => (weight === null ? all : (all ?? 1) * weight), NO_WEIGHT),
    }))
  );
}

/** @type {number | null} */
const NO_WEIGHT = null;

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
 * Everything that one cell of a stage meets, as products of index lists an axis: cheap for any size of grid. What an
 * output is made from is traced back through the stages before, what an input has a part in through those after.
 * @param {Trace} trace
 * @param {Cell} cell
 * @returns {Lattice[]}
 */
export function touched(trace, cell) {
  const met = trace.stages.flatMap((stage) => {
    if (cell.tensor === stage.output) return meetOutput(stage, cell.index);
    if (cell.tensor === stage.input) return meetInput(stage, cell.index);
    if (cell.tensor === stage.kernel) return meetKernel(stage, cell.index);
    return [];
  });
  const inputs = met.filter(({ tensor }) => trace.stages.some(({ output }) => output === tensor));
  const back = inputs.filter(({ tensor }) => writes(trace, cell.tensor, tensor));
  const on = inputs.filter((lattice) => !back.includes(lattice));
  return [...met, ...tracedBack(trace, back), ...tracedOn(trace, on)];
}

/** Whether a tensor is read by the stage that writes another: then that one lies before it. */
/** @param {Trace} trace @param {string} later @param {string} earlier */
function writes({ stages }, later, earlier) {
  return stages.some(({ input, output }) => output === later && input === earlier);
}

/** What cells of tensors between stages are made from, back to the input. */
/** @param {Trace} trace @param {Lattice[]} from @returns {Lattice[]} */
function tracedBack(trace, from) {
  return joined(from).flatMap(({ tensor, axes: [filters, ...where] }) => {
    const stage = trace.stages.find(({ output }) => output === tensor);
    if (!stage) return [];
    const read = where.map((cells, a) => unique(cells.flatMap((cell) => sources(stage.axes[a])[cell])));
    const channels = readers(stage).filter(({ filter }) => filters.includes(filter)).map(({ channel }) => channel);
    const found = lattice(stage.input, channels, read);
    return [...found, ...tracedBack(trace, found)];
  });
}

/** What cells of tensors between stages have a part in, on to the output. */
/** @param {Trace} trace @param {Lattice[]} from @returns {Lattice[]} */
function tracedOn(trace, from) {
  return joined(from).flatMap(({ tensor, axes: [channels, ...where] }) =>
    trace.stages.filter(({ input }) => input === tensor).flatMap((stage) => {
      const written = where.map((cells, a) =>
        sources(stage.axes[a]).flatMap((row, o) => (row.some((source) => cells.includes(source)) ? [o] : []))
      );
      const filters = readers(stage).filter(({ channel }) => channels.includes(channel)).map(({ filter }) => filter);
      const found = lattice(stage.output, filters, written);
      return [...found, ...tracedOn(trace, found)];
    })
  );
}

/** @param {string} tensor @param {number[]} channels @param {number[][]} where @returns {Lattice[]} */
function lattice(tensor, channels, where) {
  const axes = [unique(channels), ...where.map((cells) => cells.filter((cell) => cell >= 0))];
  return axes.every((axis) => axis.length > 0) ? [{ tensor, axes }] : [];
}

/** Lattices of one tensor that differ in their channels alone, as one. */
/** @param {Lattice[]} lattices @returns {Lattice[]} */
function joined(lattices) {
  const alike = grouped(lattices, ({ tensor, axes: [, ...where] }) => `${tensor} ${where.join("/")}`);
  return alike.map(([, [first, ...rest]]) => ({
    tensor: first.tensor,
    axes: [unique([first, ...rest].flatMap(({ axes }) => axes[0])), ...first.axes.slice(1)],
  }));
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
  const span = spanOf(trace, stage);
  const last = Math.min(number, span.before + span.total);
  const known = before && before.number <= last ? before : { number: span.before, sums: new Map() };
  for (let n = known.number + 1; n <= last; n += 1) {
    const step = liveStep(trace, stage, n);
    if (!step) continue;
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
  return axis.at[output].map((at, t) => ({
    at,
    t,
    source: sources(axis)[output][t],
    weight: axis.weights?.[output][t] ?? null,
  }));
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
