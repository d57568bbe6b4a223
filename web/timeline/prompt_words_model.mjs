// What stands behind the times of a schedule of prompts: words.
import { ReadError } from "./time_model.mjs";
import { english, t, translated } from "../words_model.mjs";

const NEW_WORDS = english`describe what is seen here`;

/**
 * What a schedule says of each section. `check(words)` throws a `ReadError` unless they read; `newWords(words)` are those of a new
 * section behind one with `words`; `said(words)` is how people are told of them; `isAuto(text)`: the text has no times, each
 * window takes the next value.
 */
export const PROMPTS = {
  isText: true,
  check(words) {
    if (words === "") throw new ReadError(t`expected a prompt behind the colon`);
  },
  newWords: () => translated(NEW_WORDS),
  said: (words) => words,
  isAuto: () => false,
};
