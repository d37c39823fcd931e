/**
 * The theme that was chosen last, before anything is painted: a script of its own, because modules come too late for
 * that. A theme in the address counts for more, also where no server has read it; where nothing is kept, the system's
 * theme holds.
 */
{
  const asked = new URLSearchParams(location.search).get("theme");
  let kept = null;
  try {
    kept = localStorage.getItem("convoscope.theme");
  } catch {
    // A browser that keeps nothing has nothing to be remembered.
  }
  const theme = asked ?? kept ?? "";
  if (["light", "dark", "projector"].includes(theme)) document.documentElement.dataset.theme = theme;
}
