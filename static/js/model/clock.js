/** The page's clock: steps counted from 1 through all stages; stages that are compared advance together. */

/** @import {Stage, Step, Trace} from "./types.js" */

/**
 * A stretch of the clock: the stages that run in it, the steps before it, and its own.
 * @typedef {{stages: Stage[], before: number, total: number}} Stretch
 */

/** @type {WeakMap<Trace, Stretch[]>} */
const known = new WeakMap();

/**
 * Stages one after the other; those that are compared, and take as many steps, side by side.
 * @param {Trace} trace
 * @returns {Stretch[]}
 */
export function turnsOf(trace) {
  const found = known.get(trace) ?? made(trace);
  known.set(trace, found);
  return found;
}

/** @param {Trace} trace @returns {Stretch[]} */
function made({ stages, facts }) {
  const compared = stages.filter(({ id }) => facts.compared?.includes(id));
  const together = compared.every(({ steps }) => steps.total === compared[0].steps.total) ? compared : [];
  let before = 0;
  return stages.filter((stage) => !together.slice(1).includes(stage)).map(
    (stage) => {
      const stretch = {
        stages: together.includes(stage) ? together : [stage],
        before,
        total: stage.steps.total,
      };
      before += stretch.total;
      return stretch;
    },
  );
}

/** @param {Trace} trace */
export function lengthOf(trace) {
  return turnsOf(trace).reduce((sum, { total }) => sum + total, 0);
}

/** The stretch in which a step falls; the first for step 0. */
/** @param {Trace} trace @param {number} number */
function stretchAt(trace, number) {
  const all = turnsOf(trace);
  return all.filter(({ before }) => before < number).pop() ?? all[0];
}

/**
 * The stage in which a step (counted from 1) falls; the first stage for step 0.
 * @param {Trace} trace
 * @param {number} number
 */
export function stageAt(trace, number) {
  return stretchAt(trace, number).stages[0];
}

/**
 * The step with this number, counted from 1; null for the empty state and for steps that the trace does not carry.
 * @param {Trace} trace
 * @param {number} number
 * @returns {Step | null}
 */
export function stepAt(trace, number) {
  return liveStep(trace, stageAt(trace, number), number);
}

/**
 * The steps that are taken at once at a number: several where stages are compared.
 * @param {Trace} trace
 * @param {number} number
 * @returns {Step[]}
 */
export function stepsAt(trace, number) {
  return stretchAt(trace, number).stages.flatMap((stage) => liveStep(trace, stage, number) ?? []);
}

/** Whether the value of steps can be guessed before it is shown; what a stamp spreads is no answer. */
/** @param {Step[]} steps */
export function guessable(steps) {
  return steps.some(({ stage }) => stage.operation !== "transpose" || stage.by === "output");
}

/**
 * The step that a stage takes when the clock stands at a number; null where another stage's turn it is.
 * @param {Trace} trace
 * @param {Stage} stage
 * @param {number} number
 * @returns {Step | null}
 */
export function liveStep(trace, stage, number) {
  const stretch = stretchAt(trace, number);
  const own = stretch.stages.find(({ id }) => id === stage.id);
  if (number < 1 || !own) return null;
  const { start, position, products, value } = own.steps;
  const at = number - 1 - stretch.before - start;
  return at in position
    ? {
      number,
      stage: own,
      position: position[at],
      products: products[at],
      value: value[at],
    }
    : null;
}

/**
 * Whether a stage is still to come, at work, or done.
 * @param {Trace} trace
 * @param {Stage} stage
 * @param {number} number
 * @returns {"before" | "live" | "past"}
 */
export function progress(trace, stage, number) {
  const { before, total } = spanOf(trace, stage);
  if (number <= before) return "before";
  return number <= before + total ? "live" : "past";
}

/**
 * The clock's steps before a stage, and the stage's own.
 * @param {Trace} trace
 * @param {Stage} stage
 * @returns {Stretch}
 */
export function spanOf(trace, stage) {
  const found = turnsOf(trace).find(({ stages }) => stages.some(({ id }) => id === stage.id));
  if (!found) throw new Error(`unknown stage: ${stage.id}`);
  return found;
}

/**
 * The first step of the next or previous row of the figure.
 * @param {Trace} trace
 * @param {number} number
 * @param {1 | -1} direction
 */
export function rowStep(trace, number, direction) {
  const total = lengthOf(trace);
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
