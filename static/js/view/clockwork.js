/** The running clock of a page: events go in, and while it plays, each frame of the browser is one, too. */

/** @import {Player, PlayerEvent} from "../model/player.js" */

import { reduce } from "../model/player.js";

/** Of a longer pause between two frames, in milliseconds, the rest does not count: the page was out of sight. */
const LONGEST = 1000;

export class Clockwork {
  #last = 0;
  #held = false;
  #frame = 0;

  /**
   * @param {Player} player
   * @param {{sent: (before: Player, byHand: boolean) => void, ticked: (before: Player) => void}} acts  what an event
   *   came to is to be shown, or a frame: also one in which nothing happened but that time went by
   */
  constructor(player, acts) {
    this.player = player;
    this.acts = acts;
  }

  /** Whether steps go by: it plays, and is not held. */
  get running() {
    return this.player.playing && !this.#held;
  }

  /** @param {PlayerEvent} event @param {boolean} [byHand] */
  send(event, byHand = false) {
    const before = this.player;
    this.player = reduce(before, event);
    this.acts.sent(before, byHand);
    this.#run();
  }

  /** Another state without a word: of a figure that is shown as a whole right after. */
  /** @param {PlayerEvent} event */
  set(event) {
    this.player = reduce(this.player, event);
  }

  /** Stands still although it plays, and goes on when it is let go; frames cost nothing meanwhile. */
  /** @param {boolean} on */
  hold(on) {
    this.#held = on;
    this.#run();
  }

  #run() {
    if (this.running && !this.#frame) this.#frame = requestAnimationFrame((time) => this.#tick(time));
    if (this.running || !this.#frame) return;
    cancelAnimationFrame(this.#frame);
    this.#frame = this.#last = 0;
  }

  /** @param {number} time */
  #tick(time) {
    const before = this.player;
    this.player = reduce(before, { type: "tick", elapsed: this.#last ? Math.min(time - this.#last, LONGEST) : 0 });
    this.#last = time;
    this.#frame = 0;
    this.acts.ticked(before);
    if (this.running) this.#run();
    else this.#last = 0;
  }
}
