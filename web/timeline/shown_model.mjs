// What the timeline shows of a text on a grid: sections as asked, parts as seen, edges to drag.
import { commonPrefix } from "./prefix_model.mjs";
import { PROMPTS } from "./prompt_words_model.mjs";
import { parseSchedule } from "./schedule_model.mjs";
import { sectionHues } from "./similarity_model.mjs";
import { toPx } from "./zoom_model.mjs";

const EDGE_PX = 6;
const WITHOUT_SONG_SECONDS = 20;

/** Seconds that the timeline spans: the song's, or what the text needs if there is none yet. */
export function lengthOf(read, grid) {
  if (grid) return grid.song_seconds;
  return Math.max(60, ...read.entries.map((entry) => entry.startSeconds + WITHOUT_SONG_SECONDS));
}

/**
 * @param {string} text
 * @param {object | null} grid of `gridOf`
 * @param {object} kind of what the text says, as `PROMPTS`
 * @returns {{read: object, prefix: string, sections: object[], seenParts: object[], length: number}} sections in the order of their times
 */
export function shownOf(text, grid, kind = PROMPTS) {
  const read = parseSchedule(text, grid, true, kind);
  const length = lengthOf(read, grid);
  const prefix = kind.isText ? commonPrefix(text) : "";
  const ordered = [...read.entries].sort((a, b) => a.startSeconds - b.startSeconds);
  const own = ordered.map((entry) => entry.text.slice(prefix.length) || entry.text);
  const hues = sectionHues(own);
  const sections = ordered.map((entry, number) => {
    const next = ordered[number + 1]?.startSeconds ?? length;
    const to = Math.min(entry.form === "range" ? entry.endSeconds : next, next, length);
    return { ...entry, from: entry.startSeconds, to: Math.max(to, entry.startSeconds), words: own[number], hue: hues[number], isLost: grid !== null && entry.seenSeconds === null };
  });
  return { read, prefix, sections, seenParts: seenParts(sections, grid), length };
}

function seenParts(sections, grid) {
  const parts = [];
  const ofWindow = sections.flatMap((section) => section.windows.map((window) => ({ window, section })));
  for (const { window, section } of ofWindow.sort((a, b) => a.window - b.window)) {
    const to = grid.seen[window + 1] ?? grid.song_seconds;
    const last = parts[parts.length - 1];
    if (last?.index === section.index) last.to = to;
    else parts.push({ index: section.index, line: section.line, from: grid.seen[window], to, hue: section.hue });
  }
  return parts;
}

/** The section whose start lies under a pixel, so that it can be dragged; the first of a text that begins at 0 cannot. */
export function edgeAt(sections, px, view, width) {
  const near = sections.filter((each) => !each.isPlain && each.from > 0 && Math.abs(toPx(each.from, view, width) - px) <= EDGE_PX);
  return near[near.length - 1];
}

/** The section that lies under a second. */
export function sectionAt(sections, seconds) {
  return sections.filter((each) => each.from <= seconds && seconds < each.to).pop();
}
