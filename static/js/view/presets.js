/** The menu of presets. */

/** @import {Preset} from "../model/params.js" */
/** @import {Translate} from "../model/strings.js" */

import { byId, el } from "./dom.js";

export class Presets {
  /**
   * @param {Preset[]} presets
   * @param {Translate} t
   * @param {(preset: Preset) => void} choose
   */
  constructor(presets, t, choose) {
    this.select = byId("preset");
    this.own = el("option", { value: "" }, t("preset.own"));
    this.select.replaceChildren(
      this.own,
      ...presets.map(({ id, title }) => el("option", { value: id }, title)),
    );
    this.select.addEventListener("change", () => {
      const preset = presets.find(({ id }) => id === this.select.value);
      if (preset) choose(preset);
    });
  }

  /** @param {Preset | null} preset */
  update(preset) {
    this.own.hidden = preset !== null;
    this.select.value = preset?.id ?? "";
  }
}
