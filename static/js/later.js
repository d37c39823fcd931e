/**
 * The modules of a page are asked for one chain of imports after another, and all at once only when something has been
 * painted: a hundred requests beside that for the style sheet would keep a reader waiting before an empty page. A
 * script of its own, since the first module comes too late for that.
 */
{
  const begin = () => {
    for (const template of document.querySelectorAll("template")) {
      if ("later" in template.dataset) document.head.append(template.content);
    }
  };
  // What is not in sight is not painted, and has nothing to wait for.
  if (document.visibilityState === "visible") requestAnimationFrame(() => setTimeout(begin));
  else begin();
}
