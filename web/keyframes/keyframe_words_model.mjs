// What stands behind the times of a schedule of pictures: the number of one, read as `schedule/keyframes.py` reads it.
import { ReadError } from "../timeline/time_model.mjs";
import { t } from "../words_model.mjs";

const AUTO = "auto";
const ESCAPED = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** A text as Python quotes it. */
function quoted(text) {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  const inner = text.replace(/[\\\n\r\t]/g, (each) => ESCAPED[each]);
  return `${mark}${mark === "'" ? inner.replaceAll("'", "\\'") : inner}${mark}`;
}

/**
 * As `PROMPTS`, for numbers of pictures from 0; a new section takes the next picture, behind the last the first.
 *
 * @param {number} count how many pictures there are, 0 if that is not known
 */
export const keyframesOf = (count) => ({
  isText: false,
  check(words) {
    if (!/^[0-9]+$/.test(words)) throw new ReadError(t`expected the index of a picture, a whole number from 0 up, not ${quoted(words)}`);
  },
  newWords: (words) => (words !== undefined && BigInt(words) + 1n < BigInt(count) ? String(BigInt(words) + 1n) : "0"),
  said: (words) => t`picture ${words}`,
  isAuto: (text) => text.trim().toLowerCase() === AUTO,
});

/**
 * The first entry of a text that reads whose picture is not there, in the words of the node that would refuse it.
 *
 * @param {{entries: object[], isAuto: boolean}} read of `parseSchedule`
 * @param {number} count how many pictures there are
 * @param {number} windows how many windows there are
 * @returns {{line: number | null, message: string} | undefined}
 */
export function refusalOf({ entries, isAuto }, count, windows) {
  if (isAuto) {
    if (count >= windows) return undefined;
    const message = t`is 'auto', a picture for each window, but there are ${count} pictures for ${windows} windows; add ${windows - count}, or write which picture holds from when, such as '0:00+: 0'`;
    return { line: null, message };
  }
  const entry = entries.find(({ text }) => !isThere(text, count));
  if (entry === undefined) return undefined;
  return { line: entry.line, message: t`names picture ${String(BigInt(entry.text))}, but there are ${count}: 0 to ${count - 1}` };
}

/** Whether a number is that of one of `count` pictures. */
export const isThere = (words, count) => BigInt(words) < BigInt(count);
