/** How a frame is seen: not where its tab is hidden, or it is scrolled away, or has no size; and its size. */

/** @param {(seen: boolean) => void} changed  called when it is another than before @param {() => void} came  into the window */
export function listenToSight(changed, came) {
  let met = true;
  let seen = true;
  const update = () => {
    const now = met && document.visibilityState === "visible";
    if (now !== seen) changed(seen = now);
  };
  document.addEventListener("visibilitychange", update);
  // With no root, the window of the outermost page counts, also that of another site.
  new IntersectionObserver((entries) => {
    met = entries[entries.length - 1].isIntersecting;
    update();
    if (met) came();
  }).observe(document.documentElement);
  update();
}

/** Calls when the frame, or the column of the figure in it, has another size; and once at first. */
/** @param {HTMLElement} column @param {() => void} changed */
export function listenToSize(column, changed) {
  let size = "";
  const update = () => {
    const now = `${innerWidth} ${innerHeight} ${column.clientWidth}`;
    if (now !== size) changed();
    size = now;
  };
  // A figure higher than its frame does not notice that the frame's height is another.
  addEventListener("resize", update);
  new ResizeObserver(update).observe(document.documentElement);
}
