// Sections that no window takes: which start would make one seen, and what is said of it. Pure, tested by `node --test`.
import { clockText } from "../time_text_model.mjs";
import { t } from "../words_model.mjs";
import { add, compare, subtract, toNumber } from "./fraction_model.mjs";
import { place, seenFrom } from "./placement_model.mjs";
import { PROMPTS } from "./prompt_words_model.mjs";
import { nextStart, readEntries } from "./schedule_model.mjs";

const MOST_TRIES = 60;

/** The entries with one of them moved to a start; a range keeps its length, and what holds until the next start still does. */
function withStart(entries, index, start) {
  const moved = entries.map((entry, each) => {
    if (each !== index) return entry;
    const end = entry.form === "range" ? add(start, subtract(entry.end, entry.start)) : entry.end;
    return { ...entry, start, end };
  });
  return moved.map((entry) => (entry.form === "hold" ? { ...entry, end: nextStart(moved, entry) } : entry));
}

/**
 * The second nearest to its own at which an entry would be seen, if it began there, with no other entry lost by that.
 *
 * @param {string} text that reads
 * @param {object} grid of `gridOf`
 * @param {number} index of the entry, in the order of lines
 * @param {object} kind of what the text says, as `PROMPTS`
 * @returns {number | null} null if there is none among the windows near
 */
export function nearestSeconds(text, grid, index, kind = PROMPTS) {
  const entries = readEntries(text, kind);
  const seen = new Set(place(entries, grid, true));
  const asked = toNumber(entries[index].start);
  const windows = grid.seen.map((_, window) => window).sort((a, b) => Math.abs(grid.seen[a] - asked) - Math.abs(grid.seen[b] - asked));
  const works = (window) => {
    const start = seenFrom(grid.exact, window);
    if (entries.some((other, each) => each !== index && compare(other.start, start) === 0)) return false;
    const taken = new Set(place(withStart(entries, index, start), grid, true));
    return taken.has(index) && [...seen].every((each) => taken.has(each));
  };
  const found = windows.slice(0, MOST_TRIES).find(works);
  return found === undefined ? null : grid.seen[found];
}

/** What is said of a section that is never seen. */
export function lostWords(section, text, grid, kind = PROMPTS) {
  const head = t`Line ${section.line}, asked for ${clockText(section.startSeconds)}, is never seen`;
  if (section.startSeconds >= grid.end_seconds) return t`${head}: the video ends at ${clockText(grid.end_seconds)}.`;
  const stride = grid.stride_seconds.toFixed(2);
  const nearest = nearestSeconds(text, grid, section.index, kind);
  return nearest === null
    ? t`${head}: windows start only every ${stride} s and other sections have those near; join it with a neighbour, or write fewer sections.`
    : t`${head}: windows start only every ${stride} s and other sections have those near; it would be seen at ${clockText(nearest)}.`;
}
