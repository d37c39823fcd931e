/** Paper: the figure is drawn anew for it, as wide as a page and in light colours, and put back afterwards. */

/** The width of a figure on paper, which print.css knows, too; it fits A4 and Letter. */
export const PAPER = { width: 640, height: 420 };

/** @param {(on: boolean) => void} changed */
export function listenToPrinting(changed) {
  addEventListener("beforeprint", () => changed(true));
  addEventListener("afterprint", () => changed(false));
}
