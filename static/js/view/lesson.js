/** The lesson's question, and its buttons that set controls. */

/** @param {(params: Record<string, string>) => void} set */
export function listenToLesson(set) {
  for (const button of document.querySelectorAll("[data-set]")) {
    const wanted = /** @type {HTMLElement} */ (button).dataset.set ?? "";
    button.addEventListener("click", () => set(Object.fromEntries(new URLSearchParams(wanted))));
  }
  for (const question of document.querySelectorAll("[data-question]")) {
    question.addEventListener("click", (event) => {
      const button = /** @type {HTMLElement} */ (event.target).closest("button[data-answer]");
      if (button) answer(question, /** @type {HTMLElement} */ (button));
    });
  }
}

/** @param {Element} question @param {HTMLElement} button */
function answer(question, button) {
  for (const other of question.querySelectorAll("button[data-answer]")) {
    other.setAttribute("aria-pressed", String(other === button));
  }
  for (const why of question.querySelectorAll("[data-why]")) {
    /** @type {HTMLElement} */ (why).hidden =
      /** @type {HTMLElement} */ (why).dataset.why !== button.dataset.answer;
  }
}
