/** Fingers over the figure: a swipe is a step. Scrolling and pinching stay the browser's. */

/** Farther than a finger wanders in a tap, and quicker than one that looks for a cell; in pixels and milliseconds. */
const FAR = 44;
const QUICK = 700;

/**
 * @param {HTMLElement} area
 * @param {{step: (by: 1 | -1) => void, busy: () => boolean}} actions  `busy` says that a swipe now means something else
 */
export function listenToSwipes(area, { step, busy }) {
  /** @type {{x: number, y: number, at: number} | null} */
  let begun = null;
  const drop = () => (begun = null);
  area.addEventListener("touchstart", (event) => {
    const [finger] = event.touches;
    const free = event.touches.length === 1 && !zoomed() && !area.classList.contains("scrolls") && !busy();
    begun = free ? { x: finger.clientX, y: finger.clientY, at: event.timeStamp } : null;
  }, { passive: true });
  area.addEventListener("touchmove", (event) => {
    if (event.touches.length > 1) drop();
  }, { passive: true });
  area.addEventListener("touchcancel", drop, { passive: true });
  area.addEventListener("touchend", (event) => {
    const from = begun;
    drop();
    if (!from || event.touches.length > 0) return;
    const [finger] = event.changedTouches;
    const [x, y] = [finger.clientX - from.x, finger.clientY - from.y];
    if (Math.abs(x) < FAR || Math.abs(x) < 2 * Math.abs(y) || event.timeStamp - from.at > QUICK) return;
    step(x < 0 ? 1 : -1);
  }, { passive: true });
  // In a page that has been zoomed into, one finger moves the view, in every direction.
  visualViewport?.addEventListener("resize", () => {
    document.documentElement.toggleAttribute("data-zoomed", zoomed());
  });
}

function zoomed() {
  return (visualViewport?.scale ?? 1) > 1.05;
}
