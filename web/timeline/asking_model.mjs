// When the timeline asks the server again, and what it says meanwhile. Pure, tested by `node --test`.
import { t } from "../words_model.mjs";

const FIRST_PAUSE_MS = 700;
const LONGEST_PAUSE_MS = 15_000;
// A minute and a half, with pauses that grow.
const TRIES_FOR_AN_UPLOAD = 11;

/** An answer that refuses; `status` is undefined if there was none at all. */
export class Refusal extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

/**
 * Whether another try may succeed with nothing changed: the server is busy, restarting or gone, or the song is still on its way
 * there, for the frontend puts its name into the node before it sends it.
 */
export const isPassing = ({ status }, tries = 0) =>
  status === undefined || status === 429 || status >= 500 || (status === 404 && tries < TRIES_FOR_AN_UPLOAD);

/** Milliseconds before the next try after `tries` of them: soon at first, then ever more rarely. */
export const pauseMs = (tries) => Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 1.6 ** tries);

/** What is said while a song is read: nothing of it is known yet, or pieces of it are. */
export function readingWords(isAsking, isSampled) {
  if (isSampled) return t`Reading the whole song: until then its waveform is of short pieces of it.`;
  return isAsking ? t`Reading the song …` : "";
}
