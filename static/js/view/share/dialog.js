/** The dialog in which a figure is shared: it takes the figure as it stands when it opens, and holds it until it closes. */

/** @import {Shown} from "../../model/sharing.js" */
/** @import {Trace} from "../../model/types.js" */
/** @import {Translate} from "../../model/strings.js" */

import { lengthOf } from "../../model/clock.js";
import { byId } from "../dom.js";
import { Download } from "./download.js";
import { LinkSection } from "./link.js";
import { Snippets } from "./snippets.js";

/**
 * What the page shows at a moment.
 * @typedef {Shown & {trace: Trace}} Now
 * @typedef {"share" | "embed" | "export"} Section
 */

/** Which heading each button leads to, and which element has the focus then. */
const PLACES = {
  share: { heading: "share-title", focus: "copy-link" },
  embed: { heading: "share-embed-title", focus: "share-embed-title" },
  export: { heading: "share-download-title", focus: "share-download-title" },
};

export class ShareDialog {
  /** @param {{t: Translate, data: any, now: () => Now}} page */
  constructor({ t, data, now }) {
    this.now = now;
    this.node = byId("share-dialog");
    this.link = new LinkSection(t, () => this.#changed());
    this.download = new Download(t, data, () => this.#changed());
    this.snippets = new Snippets(t, { take: (format) => this.download.take(format), file: () => this.download.fileName() });
    byId("share-close").addEventListener("click", () => this.node.close());
  }

  /** @param {Section} section */
  open(section) {
    if (this.node.open) return;
    const now = this.now();
    const figure = { ...now, total: lengthOf(now.trace), name: document.querySelector("h1")?.textContent?.trim() ?? now.slug };
    this.link.show(figure);
    this.download.show(figure);
    this.figure = figure;
    this.#changed();
    this.node.showModal();
    const { heading, focus } = PLACES[section];
    byId(focus).focus({ preventScroll: true });
    if (section === "share") this.node.scrollTop = 0;
    else byId(heading).scrollIntoView({ block: "start" });
  }

  /** What is kept of the figure in its link is kept in code and files, too. */
  #changed() {
    if (!this.figure) return;
    this.snippets.show(this.figure, this.link.kept);
    this.download.keep(this.link.kept, this.link.address);
  }
}
