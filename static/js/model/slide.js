/** A figure on a slide of a deck: what it does when its slide comes, and when it goes. Knows no clock. */

/** @import {Player, PlayerEvent} from "./player.js" */

export class Slide {
  /** Whether anybody has steered the figure since it was loaded. */
  touched = false;
  /** Whether the deck has said anything of the slide. */
  told = false;

  /** @param {{autoplay: string, step: number, still: boolean}} how  `still`: nothing is to move by itself */
  constructor({ autoplay, step, still }) {
    this.autoplay = autoplay;
    this.begin = step;
    /** Whether the figure plays when its slide comes. */
    this.due = autoplay !== "false" && !still;
  }

  /** Decks may say more than once that a slide has come: what a hand has stopped since the first time stays as it is. */
  /** @param {Player} player @returns {PlayerEvent[]} */
  comes(player) {
    const { due } = this;
    const unseen = due && this.autoplay === "true" && !this.touched;
    this.touched = this.told = true;
    this.due = false;
    if (unseen) return [{ type: "seek", step: this.begin }, { type: "toggle" }];
    return due && !player.playing ? [{ type: "toggle" }] : [];
  }

  /** What plays goes on when the slide comes back; so does what has not begun. */
  /** @param {Player} player @returns {PlayerEvent[]} */
  goes({ playing, step }) {
    this.due = playing || (this.due && !this.touched && step === this.begin);
    this.told = true;
    return playing ? [{ type: "pause" }] : [];
  }
}
