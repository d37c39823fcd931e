/** The parts of a figure: which scene shows which stage, in reading order. A new picture is one line here. */

/** @import {Stage, Trace} from "../model/types.js" */

/**
 * `scene` is a name in `SCENES`; `stage` the one whose steps the part shows.
 * A part is `whole` where it shows all stages by itself.
 * Parts with a `slot` are readings of one stage, side by side and numbered.
 * @typedef {{scene: string, stage: Stage, whole?: boolean, slot?: string}} Part
 */

/**
 * @param {Trace} trace
 * @returns {Part[]}
 */
export function partsOf(trace) {
  const found = known.get(trace) ?? made(trace);
  known.set(trace, found);
  return found;
}

/** Whether a stage has two pictures, which could stand side by side. */
/** @param {Trace} trace */
export function paired(trace) {
  const parts = partsOf(trace);
  return parts.some((part, n) => parts.slice(n + 1).some(({ stage }) => stage === part.stage));
}

/** Scenes that draw no grid for each channel. */
const FEW = ["blocks", "volume", "cone", "signals", "lab"];

/**
 * How many grids a figure has with all its stages: what laying it out and drawing it takes grows with them.
 * @param {Trace} trace
 */
export function gridsOf(trace) {
  const drawn = partsOf(trace).filter(({ scene }) => !FEW.includes(scene)).map(({ stage }) => {
    const { input, kernel, output, axes, padding = [] } = stage;
    return [input, kernel, output].map((name) => {
      if (!name) return 0;
      const { shape } = trace.tensors[name];
      const lead = shape.slice(0, shape.length - axes.length).reduce((product, size) => product * size, 1);
      const ring = name === input ? padding[0] ?? [] : [];
      const slices = axes.length === 3 ? ring.reduce((sum, side) => sum + Math.max(side, 0), shape[shape.length - 3]) : 1;
      return lead * slices;
    });
  });
  return drawn.flat().reduce((sum, many) => sum + many, 0);
}

/** @type {WeakMap<Trace, Part[]>} */
const known = new WeakMap();

/** @param {Trace} trace @returns {Part[]} */
function made(trace) {
  if (trace.params.view === "together") return readings(trace.stages[0]);
  if (areSignals(trace)) return [{ scene: "signals", stage: trace.stages[0], whole: true }];
  if (isStack(trace)) return [{ scene: "cone", stage: trace.stages[0], whole: true }];
  return trace.stages.flatMap((stage) => scenesOf(trace, stage).map((scene) => ({ scene, stage })));
}

/** The three readings of a transposed convolution on one clock; only output cells can be read from stuffed zeros. */
/** @param {Stage} stage @returns {Part[]} */
function readings(stage) {
  const alone = { ...stage, zero_stuffed: undefined, matrix: undefined };
  const stuffed = { ...alone, zero_stuffed: stage.zero_stuffed };
  const part = (/** @type {Stage} */ reading, /** @type {string} */ slot) => ({ scene: "transpose", stage: reading, slot });
  return [
    part(alone, "stamp"),
    ...(stage.by === "output" ? [part(stuffed, "stuffed")] : []),
    part({ ...alone, matrix: stage.matrix }, "matrix"),
  ];
}

/** Two ways to read one signal with another, side by side. */
/** @param {Trace} trace */
function areSignals({ stages, facts }) {
  const [one, other] = stages;
  return stages.length === 2 && stages.every(({ id, axes }) => facts.compared?.includes(id) && axes.length === 1) &&
    one.input === other.input && one.kernel === other.kernel;
}

/** Layers of one channel along one axis, one on top of the other. */
/** @param {Trace} trace */
function isStack({ stages, facts }) {
  return stages.length > 1 && facts.layers?.length === stages.length && stages.every(({ axes }) => axes.length === 1);
}

/** The flat picture of a stage, the one drawn in depth, or both. */
/** @param {Trace} trace @param {Stage} stage @returns {string[]} */
function scenesOf(trace, stage) {
  if (trace.params.view === "lab" && stage.operation === "transpose") return ["lab"];
  const flat = stage.operation;
  const deep = inDepth(trace, stage);
  if (!deep) return [flat];
  const view = trace.params.view ?? (deep === "volume" || (stage.groups ?? 1) > 1 ? "both" : "numbers");
  if (view === deep) return [deep];
  return view !== "both" ? [flat] : deep === "volume" ? [deep, flat] : [flat, deep];
}

/** Volumes have one channel and three axes; all else is blocks, if it has axes few enough to leave one to channels. */
/** @param {Trace} trace @param {Stage} stage */
function inDepth({ tensors, params }, stage) {
  if (!["correlate", "transpose"].includes(stage.operation) || stage.matrix || stage.zero_stuffed) return null;
  const [ins, outs] = [stage.input, stage.output].map((name) => tensors[name].shape[0]);
  if (stage.axes.length === 3) return ins === 1 && outs === 1 ? "volume" : null;
  return ins > 1 || outs > 1 || ["blocks", "both"].includes(params.view) ? "blocks" : null;
}
