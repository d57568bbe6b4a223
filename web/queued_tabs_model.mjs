// Which tab each render was queued from, by the order in which renders are queued and start: pure, tested by `node --test`.

const MOST_KNOWN = 50;

export class QueuedTabs {
  #waiting = [];
  #early = 0;
  #tabs = new Map();

  /** Renders were queued from a tab. */
  queued(tab, count) {
    // A render may start before the page is told that it was queued.
    const started = Math.min(this.#early, count);
    this.#early -= started;
    for (let left = count - started; left > 0; left -= 1) this.#waiting.push(tab);
  }

  /** A render starts; `open` is the tab that is open. */
  started(promptId, open) {
    if (this.#tabs.has(promptId)) return;
    if (this.#waiting.length === 0) this.#early += 1;
    this.#tabs.set(promptId, this.#waiting.shift() ?? open);
    if (this.#tabs.size > MOST_KNOWN) this.#tabs.delete(this.#tabs.keys().next().value);
  }

  /** Nothing waits and nothing runs: whatever was taken out of the queue is forgotten. */
  idle() {
    this.#waiting = [];
    this.#early = 0;
  }

  /** The tab of a render; undefined if it is not known. */
  of(promptId) {
    return this.#tabs.get(promptId);
  }
}
