// Edits of a schedule's text. Each gives a new text in which every other byte is as it was; what cannot be done is refused.
import { toNumber } from "./fraction_model.mjs";
import { PROMPTS } from "./prompt_words_model.mjs";
import { linesOf, problem, readEntries } from "./schedule_model.mjs";
import { beginsLikeATime, ReadError, timeText } from "./time_model.mjs";
import { t } from "../words_model.mjs";

/** An edit that cannot be made; the message says why and what to do. */
export class EditRefused extends Error {}

const SHORTEST_SECONDS = 0.01;

/** Entries in the order of their lines, with their index and start in seconds; refused if the text does not read. */
export function read(text, kind = PROMPTS) {
  if (kind.isAuto(text)) throw new EditRefused(t`The text is 'auto', a picture for each window: write times instead, such as '0:00+: 0'.`);
  try {
    return readEntries(text, kind).map((entry, index) => ({ ...entry, index, at: toNumber(entry.start) }));
  } catch (error) {
    if (!(error instanceof ReadError)) throw error;
    const { line, message } = error;
    throw new EditRefused(
      line === null ? t`The text has to read first: it ${message}` : t`The text has to read first: line ${line}: ${message}`,
    );
  }
}

const byTime = (entries) => [...entries].sort((a, b) => a.at - b.at);

function timed(text, index, kind) {
  const entries = read(text, kind);
  const entry = entries[index];
  if (entry === undefined) throw new EditRefused(t`There is no such section.`);
  if (entry.isPlain) throw new EditRefused(t`The text has no times yet: split it, or write '0:00:' in front.`);
  return { entries, entry };
}

/** The text with pieces replaced; edits are [from, to, new text], in any order, without overlaps. */
function replaced(text, edits) {
  return [...edits]
    .sort((a, b) => b[0] - a[0])
    .reduce((changed, [from, to, words]) => changed.slice(0, from) + words + changed.slice(to), text);
}

const headAt = (entry) => entry.block.line.at + entry.block.hidden;
const startEdit = (entry, seconds) => [headAt(entry), headAt(entry) + entry.head.startLength, timeText(seconds)];

function endEdit(entry, seconds) {
  const from = headAt(entry) + entry.head.endAt;
  return [from, from + entry.head.endLength, timeText(seconds)];
}

const lineEnd = (text) => /\r\n|\r|\n/.exec(text)?.[0] ?? "\n";
const lastLineOf = (entry) => entry.block.continued[entry.block.continued.length - 1] ?? entry.block.line;

/** The text with a line put behind an entry's last one. */
function behind(entry, line, text) {
  const last = lastLineOf(entry);
  const at = last.at + last.written.length;
  return last.end === "" ? [at, at, lineEnd(text) + line] : [at + last.end.length, at + last.end.length, line + last.end];
}

const removal = (line) => [line.at, line.at + line.written.length + line.end.length, ""];

/** A text whose last line went keeps the line end in front of it only if it ended with one before. */
function withoutEntry(text, entry) {
  const edits = [removal(entry.block.line), ...entry.block.continued.map(removal)];
  const changed = replaced(text, edits);
  return /[\r\n]$/.test(text) ? changed : changed.replace(/(\r\n|\r|\n)$/, "");
}

/** Where the section of an entry ends for the eye: at the next start; Infinity if it is the last. */
function nextAt(entries, entry) {
  return Math.min(...entries.filter((other) => other.at > entry.at).map((other) => other.at), Infinity);
}

function previous(entries, entry) {
  return byTime(entries.filter((other) => other.at < entry.at)).pop();
}

/** Moves the start of an entry; a range that ended there ends at the new place. Neighbours cannot be crossed. */
export function moveStart(text, index, seconds, kind = PROMPTS) {
  const { entries, entry } = timed(text, index, kind);
  const [before, after] = [previous(entries, entry), nextAt(entries, entry)];
  if (before && seconds < before.at + SHORTEST_SECONDS) {
    throw new EditRefused(t`A section cannot begin before the one in front of it, at ${timeText(before.at)}.`);
  }
  const ends = entry.form === "range" ? Math.min(after, toNumber(entry.end)) : after;
  if (seconds > ends - SHORTEST_SECONDS) throw new EditRefused(t`A section cannot begin behind its end, ${timeText(ends)}.`);
  const edits = [startEdit(entry, seconds)];
  for (const other of entries) {
    if (other.form === "range" && toNumber(other.end) === entry.at && other !== entry) edits.push(endEdit(other, seconds));
  }
  return replaced(text, edits);
}

/** The entry that counts at a second: of those that cover it the one on the last line, else the one before. */
function covering(entries, seconds) {
  const over = entries.filter(({ at, end }) => at <= seconds && (end === null || toNumber(end) > seconds));
  return over.pop() ?? byTime(entries.filter(({ at }) => at <= seconds)).pop() ?? byTime(entries)[0];
}

function requireFree(entries, seconds) {
  const same = entries.find(({ at }) => Math.abs(at - seconds) < SHORTEST_SECONDS);
  if (same) throw new EditRefused(t`Line ${same.line} begins at ${timeText(same.at)} already; choose another place.`);
}

function withNew(text, seconds, kind, wordsBehind) {
  const entries = read(text, kind);
  requireFree(entries, seconds);
  const entry = covering(entries, seconds);
  const said = wordsBehind(entry.text);
  if (entry.isPlain) {
    if (entry.blocks.length > 1) throw new EditRefused(t`The text has several lines without times: write '0:00:' in front of the first.`);
    const at = headAt(entry);
    return replaced(text, [[at, at, "0:00: "], behind(entry, `${timeText(seconds)}: ${said}`, text)]);
  }
  if (entry.form === "range" && toNumber(entry.end) > seconds && entry.at < seconds) {
    const line = `${timeText(seconds)}-${timeText(toNumber(entry.end))}: ${said}`;
    return replaced(text, [endEdit(entry, seconds), behind(entry, line, text)]);
  }
  // Of several that cover a second the lower line counts: a new line stands behind all of them.
  const lowest = entries.filter(({ at, end }) => at <= seconds && (end === null || toNumber(end) > seconds)).pop() ?? entry;
  return replaced(text, [behind(lowest, `${timeText(seconds)}: ${said}`, text)]);
}

/** Cuts the section at a second into two with the same words. */
export const split = (text, seconds, kind = PROMPTS) => withNew(text, seconds, kind, (words) => words);

/** Begins a section with words of its own at a second; the first one of an empty text begins at 0. */
export function insert(text, seconds, kind = PROMPTS) {
  const isEmpty = linesOf(text).every(({ written }) => written.trim() === "" || written.trim().startsWith("#"));
  if (!isEmpty) return withNew(text, seconds, kind, kind.newWords);
  return `${text}${text === "" || /[\r\n]$/.test(text) ? "" : lineEnd(text)}0:00: ${kind.newWords()}`;
}

/** Joins a section with the one behind it, whose words go. */
export function join(text, index, kind = PROMPTS) {
  const { entries, entry } = timed(text, index, kind);
  const next = byTime(entries.filter((other) => other.at > entry.at))[0];
  if (next === undefined) throw new EditRefused(t`There is no section behind this one to join it with.`);
  const extended = entry.form === "range" && next.form === "range" ? [endEdit(entry, toNumber(next.end))] : [];
  if (entry.form === "range" && next.form !== "range") {
    const at = headAt(entry);
    extended.push([at + entry.head.startLength, at + entry.head.length, next.form === "open" ? "+:" : ":"]);
  }
  return withoutEntry(replaced(text, extended), readEntries(replaced(text, extended), kind)[next.index]);
}

/** Removes a section with its continuation lines; the one before it goes on. */
export function remove(text, index, kind = PROMPTS) {
  const { entries, entry } = timed(text, index, kind);
  if (entries.length === 1) throw new EditRefused(t`This is the only section; change its words instead.`);
  return withoutEntry(text, entry);
}

/** A second section with the same words, from the middle of this one on. */
export function duplicate(text, index, songSeconds, kind = PROMPTS) {
  const entries = read(text, kind);
  const entry = entries[index];
  if (entry === undefined) throw new EditRefused(t`There is no such section.`);
  const ends = Math.min(nextAt(entries, entry), entry.form === "range" ? toNumber(entry.end) : Infinity, songSeconds);
  if (ends - entry.at < 2 * SHORTEST_SECONDS) throw new EditRefused(t`The section is too short for a second one.`);
  return split(text, Math.round((entry.at + ends) * 50) / 100, kind);
}

/** Gives every section the same length; the order of times stays. */
export function distribute(text, songSeconds, kind = PROMPTS) {
  const entries = byTime(read(text, kind));
  if (entries.length < 2) throw new EditRefused(t`There is one section only: nothing to distribute.`);
  if (songSeconds / entries.length < SHORTEST_SECONDS) throw new EditRefused(t`The song is too short for so many sections.`);
  const at = (number) => Math.round((number * songSeconds * 100) / entries.length) / 100;
  const edits = entries.flatMap((entry, number) => [
    startEdit(entry, at(number)),
    ...(entry.form === "range" ? [endEdit(entry, at(number + 1))] : []),
  ]);
  return replaced(text, edits);
}

/** Gives a section other words; further lines of them become continuation lines. */
export function setWords(text, index, words, kind = PROMPTS) {
  const entry = read(text, kind)[index];
  if (entry === undefined) throw new EditRefused(t`There is no such section.`);
  const lines = words.split(/\r\n|\r|\n/).map((line) => line.trim()).filter((line) => line !== "");
  if (lines.length === 0) throw new EditRefused(t`A section needs words.`);
  const wrong = problem(lines.join(" "), kind);
  if (wrong) throw new EditRefused(wrong.message);
  if (kind.isText && entry.isPlain && beginsLikeATime(lines[0])) {
    throw new EditRefused(t`Words that begin like a time would be read as one: write '0:00: ${lines[0]}' into the text if they are meant.`);
  }
  const { line, continued: own } = entry.block;
  const others = entry.isPlain ? entry.blocks.slice(1).flatMap((block) => [block.line, ...block.continued]) : [];
  const continued = [...own, ...others];
  const from = headAt(entry) + (entry.isPlain ? 0 : entry.head.length);
  // A line that begins with # would be a comment: it stays on the line above.
  const said = lines.reduce((all, each) => all + (each.startsWith("#") ? " " : `${lineEnd(text)}  `) + each);
  const gone = continued.map(removal);
  const changed = replaced(text, [[from, line.at + line.written.length, `${entry.isPlain ? "" : " "}${said}`], ...gone]);
  return /[\r\n]$/.test(text) || gone.length === 0 ? changed : changed.replace(/(\r\n|\r|\n)$/, "");
}
