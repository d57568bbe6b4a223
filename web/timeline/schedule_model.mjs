// The text of a schedule as entries, read as `schedule/parser.py` reads it. The text stays the truth.
import { PROMPTS } from "./prompt_words_model.mjs";
import { beginsLikeATime, ReadError, readHead } from "./time_model.mjs";
import { compare, toNumber, ZERO } from "./fraction_model.mjs";
import { t } from "../words_model.mjs";
import { place } from "./placement_model.mjs";

const SPACE = " \\t\\v\\f\\u00a0\\u3000";
const AROUND = new RegExp(`^[${SPACE}]+|[${SPACE}]+$`, "g");
const IN_FRONT = new RegExp(`^[${SPACE}]`);
const INVISIBLE = /^[\ufeff\u200b-\u200f\u2060\u202a-\u202e\u2066-\u2069]+/;

const strip = (text) => text.replace(AROUND, "");

/** Lines with their number from 1, their place in the text and the line end that follows. */
export function linesOf(text) {
  const lines = [];
  let at = 0;
  for (const match of text.matchAll(/\r\n|\r|\n/g)) {
    lines.push({ number: lines.length + 1, at, written: text.slice(at, match.index), end: match[0] });
    at = match.index + match[0].length;
  }
  return [...lines, { number: lines.length + 1, at, written: text.slice(at), end: "" }];
}

/** Entries as blocks of lines: the one each begins on and those that continue it. Throws the first error. */
function blocksOf(text) {
  const blocks = [];
  for (const line of linesOf(text)) {
    const shown = line.written.replace(INVISIBLE, "");
    const content = strip(shown);
    if (content === "" || content.startsWith("#")) continue;
    if (!IN_FRONT.test(shown)) {
      blocks.push({ line, shown, hidden: line.written.length - shown.length, continued: [] });
      continue;
    }
    if (blocks.length === 0) {
      throw at(
        line.number,
        t`begins with white space, so it continues the prompt above it, but there is none; remove the white space in front`,
      );
    }
    blocks[blocks.length - 1].continued.push({ ...line, content });
  }
  return blocks;
}

function at(line, message) {
  return Object.assign(new ReadError(message), { line });
}

/** The one entry of a text without times; undefined if a line has one. */
function plainEntry(blocks, kind) {
  const words = strip(blocks.flatMap((block) => [block.shown, ...block.continued.map((each) => each.content)]).map(strip).join(" "));
  if (problem(words, kind)) return undefined;
  if (kind.isText && blocks.some((block) => beginsLikeATime(block.shown))) return undefined;
  if (kind.isText && blocks.length > 1 && blocks.every((block) => /^\p{N}/u.test(block.shown))) return undefined;
  return { start: ZERO, end: null, form: "open", text: words, line: blocks[0].line.number, block: blocks[0], blocks, isPlain: true };
}

/** What is wrong with words, as a `ReadError`; undefined if they read. */
export function problem(words, kind) {
  try {
    kind.check(words);
    return undefined;
  } catch (error) {
    if (error instanceof ReadError) return error;
    throw error;
  }
}

function entryOf(block, kind) {
  const line = block.line.number;
  try {
    const head = readHead(block.shown);
    const parts = [block.shown.slice(head.length), ...block.continued.map((each) => each.content)].map(strip);
    const words = parts.filter((part) => part !== "").join(" ");
    kind.check(words);
    return { start: head.start, end: head.end, form: head.form, text: words, line, block, head, isPlain: false };
  } catch (error) {
    throw error instanceof ReadError ? at(line, error.message) : error;
  }
}

/** Entries with exact times and the blocks they stand in; throws a `ReadError` with the line. */
export function readEntries(text, kind = PROMPTS) {
  const blocks = blocksOf(text);
  const plain = blocks.length > 0 ? plainEntry(blocks, kind) : undefined;
  if (plain) return [plain];
  const entries = [];
  for (const block of blocks) {
    const entry = entryOf(block, kind);
    const same = entries.find((other) => compare(other.start, entry.start) === 0);
    if (same) throw at(entry.line, t`line ${same.line} begins at the same time; remove one, or move it`);
    entries.push(entry);
  }
  if (entries.length === 0) throw at(null, t`is empty; write at least one line, such as '0:00: a woman sings on a stage'`);
  return entries.map((entry) => (entry.form === "hold" ? { ...entry, end: nextStart(entries, entry) } : entry));
}

/** The start that follows that of an entry; null if it is the last. */
export function nextStart(entries, entry) {
  const later = entries.map((other) => other.start).filter((start) => compare(start, entry.start) > 0);
  return later.length === 0 ? null : later.reduce((first, start) => (compare(start, first) < 0 ? start : first));
}

/** Each window takes the next value, from 0. */
function eachWindow(grid) {
  const windows = (grid?.seen ?? []).map((_, window) => window);
  const entries = windows.map((window) => {
    const at = { startSeconds: grid.seen[window], endSeconds: grid.seen[window + 1] ?? null, seenSeconds: grid.seen[window] };
    return { index: window, line: 1, lastLine: 1, ...at, text: String(window), form: "hold", isPlain: true, windows: [window] };
  });
  return { entries, errors: [], lineOfWindow: windows.map(() => 1), isAuto: true };
}

/**
 * Reads a schedule and says when each entry is seen.
 *
 * @param {string} text
 * @param {object | null} grid of `gridOf`; without one nothing is known to be seen
 * @param {boolean} snap
 * @param {object} kind of what it says, as `PROMPTS`
 * @returns {{entries: {index: number, line: number, lastLine: number, startSeconds: number, endSeconds: number | null, text: string,
 *   form: string, isPlain: boolean, seenSeconds: number | null | undefined, windows: number[]}[], errors: {line: number | null, message: string}[],
 *   lineOfWindow: number[], isAuto: boolean}} entries in the order of their lines; none if the text does not read
 */
export function parseSchedule(text, grid = null, snap = true, kind = PROMPTS) {
  if (kind.isAuto(text)) return eachWindow(grid);
  let read;
  try {
    read = readEntries(text, kind);
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    return { entries: [], errors: [{ line: error.line, message: error.message }], lineOfWindow: [], isAuto: false };
  }
  const taken = grid ? place(read, grid, snap) : [];
  const entries = read.map((entry, index) => {
    const windows = taken.flatMap((each, window) => (each === index ? [window] : []));
    const last = entry.block.continued[entry.block.continued.length - 1];
    return {
      index,
      line: entry.line,
      lastLine: last ? last.number : entry.line,
      startSeconds: toNumber(entry.start),
      endSeconds: entry.end === null ? null : toNumber(entry.end),
      text: entry.text,
      form: entry.form,
      isPlain: entry.isPlain,
      seenSeconds: grid ? (windows.length > 0 ? grid.seen[windows[0]] : null) : undefined,
      windows,
    };
  });
  return { entries, errors: [], lineOfWindow: taken.map((index) => read[index].line), isAuto: false };
}
