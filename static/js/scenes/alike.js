/** Two figures beside each other: cells that are nearly of one size are drawn in one. Pure. */

/** @import {Theme} from "../model/theme.js" */
/** @import {Plan} from "./layout.js" */

/** How often figures are laid out again for their cells to become alike. */
const MOST_PASSES = 3;

/** How much smaller the cells of one figure may be for those of the other to become as small. */
const NEAR = 0.6;

/**
 * Lays figures out until their cells are alike: smaller cells may suit another arrangement, and that smaller ones still.
 * @param {Theme} theme
 * @param {(theme: Theme) => (number | null)[]} lay  gives back the cells of the figures: see `cellOf`
 */
export function untilAlike(theme, lay) {
  let cells = lay(theme);
  for (let n = 0; n < MOST_PASSES; n += 1) {
    const cell = common(cells);
    if (!cell) return;
    cells = lay({ ...theme, cell });
  }
}

/** The size of a figure's cells, or null where nothing is drawn. */
/** @param {Plan[]} plans */
export function cellOf(plans) {
  return plans.length > 0 ? Math.max(...plans.map(({ cell }) => cell)) : null;
}

/** The size of cell that two figures are to have; null where they have it already, or differ too much. */
/** @param {(number | null)[]} cells */
function common([one, other]) {
  if (!one || !other || one === other) return null;
  const [least, most] = [Math.min(one, other), Math.max(one, other)];
  return least >= NEAR * most ? least : null;
}
