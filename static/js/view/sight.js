/** Whether a frame is seen: not where its tab is hidden, or it is scrolled away, or has no size. */

/** @param {(seen: boolean) => void} changed  called when it is another than before */
export function listenToSight(changed) {
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
  }).observe(document.documentElement);
  update();
}
