/** The page of live frames: its buttons send what they say, and what a figure answers is shown. */

/** @type {HTMLIFrameElement[]} */
const frames = [...document.querySelectorAll("iframe")];

/** The longest answer that is shown. */
const SHOWN = 300;

for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-message]"))) {
  const { frame = "", message = "" } = button.dataset;
  button.title = message;
  button.addEventListener("click", () => {
    const found = frames.find(({ id }) => id === frame);
    found?.contentWindow?.postMessage(JSON.parse(message), location.origin);
  });
}

addEventListener("message", ({ source, data }) => {
  const frame = frames.find(({ contentWindow }) => contentWindow === source);
  if (!frame) return;
  // A figure without a theme of its own takes that of this page, which the reader may have chosen.
  const { theme } = document.documentElement.dataset;
  if (data.convoscope?.event === "ready" && theme && !data.convoscope.theme) {
    frame.contentWindow?.postMessage({ convoscope: { theme } }, location.origin);
    return;
  }
  const output = document.querySelector(`[data-heard="${frame.id}"] code`);
  const text = typeof data === "string" ? data : JSON.stringify(data);
  if (output) output.textContent = text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
});

document.documentElement.dataset.ready = "";
