// What of a page is cut off, off its side or under other text, as sentences; run in the page by test_fits.py.
() => {
  const faults = [];
  const root = document.documentElement;
  const tolerated = 1;
  const words = (node) => `«${node.textContent.trim().replace(/\s+/g, " ").slice(0, 30)}»`;
  const named = (node) => `${node.tagName.toLowerCase()}${node.id ? `#${node.id}` : ""}.${[...node.classList].join(".")}`;
  const shown = (node) => node.checkVisibility({ visibilityProperty: true }) && node.getClientRects().length > 0;
  const chain = (node) => (node ? [node, ...chain(node.parentElement)] : []);
  const once = (ask) => {
    const known = new Map();
    return (node) => known.get(node) ?? (known.set(node, ask(node)), known.get(node));
  };
  // Not to be seen, or drawn by other means than text boxes.
  const clipped = once((node) =>
    getComputedStyle(node).clipPath === "inset(50%)" || (node.parentElement ? clipped(node.parentElement) : false)
  );
  const apart = (node) =>
    node.closest(".panels, .canvas, .skip, option, script, style, noscript, svg, math") || clipped(node);
  const scrolls = (node) => /auto|scroll/.test(getComputedStyle(node).overflowX);
  const clips = (node) => getComputedStyle(node).overflowX !== "visible" || getComputedStyle(node).overflowY !== "visible";

  if (root.scrollWidth > root.clientWidth) faults.push(`the page scrolls sideways: ${root.scrollWidth} > ${root.clientWidth}`);

  const holders = "button, a, label, summary, th, td, dt, dd, h1, h2, h3, p, li, legend, caption, figcaption, .segments, .term, .sum-name, kbd";
  for (const node of document.querySelectorAll(holders)) {
    if (!shown(node) || apart(node) || scrolls(node) || getComputedStyle(node).display === "inline") continue;
    if (node.clientWidth && node.scrollWidth > node.clientWidth + tolerated) faults.push(`${named(node)} cuts off ${words(node)}`);
  }

  // Boxes of text: in reach of the page, not cut by a frame that does not scroll, not over other text.
  const layer = once((node) => chain(node).find((part) => /fixed|sticky/.test(getComputedStyle(part).position)) ?? root);
  const frameOf = once((node) => chain(node).find((part) => part !== document.body && part !== root && clips(part)) ?? root);
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode;
    const node = text.parentElement;
    if (!text.textContent.trim() || !shown(node) || apart(node)) continue;
    const frame = frameOf(node) === root ? null : frameOf(node);
    const range = document.createRange();
    range.selectNodeContents(text);
    for (const box of range.getClientRects()) {
      if (box.width < 2 || box.height < 2) continue;
      if (!frame && (box.left < -1 || box.right > root.clientWidth + tolerated)) faults.push(`${words(node)} is off the page`);
      if (frame && !scrolls(frame)) {
        const edge = frame.getBoundingClientRect();
        if (box.left < edge.left - 1 || box.right > edge.right + 1) faults.push(`${named(frame)} cuts off ${words(node)}`);
      }
      texts.push({ text, node, box, layer: layer(node), frame: frame && scrolls(frame) ? frame : null });
    }
  }
  texts.sort((one, other) => one.box.top - other.box.top);
  texts.forEach((one, n) => {
    for (let m = n + 1; m < texts.length && texts[m].box.top < one.box.bottom; m += 1) {
      const other = texts[m];
      if (one.text === other.text || one.layer !== other.layer || one.frame !== other.frame) continue;
      const wide = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
      const high = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
      if (wide > 2 && high > 6) faults.push(`${words(one.node)} lies over ${words(other.node)}`);
    }
  });
  return [...new Set(faults)];
}
