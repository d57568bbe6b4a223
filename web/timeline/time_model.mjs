// The part of a schedule line in front of its words, read as `schedule/times.py` reads it; and times as a schedule writes them.
import { t } from "../words_model.mjs";
import { compare, fraction } from "./fraction_model.mjs";

const DASHES = "\uff0d\u2010\u2011\u2012\u2013\u2014\u2015\u2212~\uff5e\u301c";
const PLAIN = new Map([
  ...Array.from({ length: 10 }, (_, digit) => [String.fromCharCode(0xff10 + digit), String(digit)]),
  ...[["\uff1a", ":"], ["\uff0e", "."], ["\uff0b", "+"], ["\u3000", " "]],
  ...[...DASHES].map((dash) => [dash, "-"]),
]);
const TIME = "[0-9]+(?::[0-9]+)*(?:\\.[0-9]*)?";
const HEAD = new RegExp(`^(?<start>${TIME})[ \\t]*(?:(?<plus>\\+)|-[ \\t]*(?<end>${TIME}))?[ \\t]*(?<colon>:?)`);
const DECORATED = /^[^\p{L}\p{N}_\s][^\p{L}\p{N}_]*(?<time>[0-9]+:[0-9]{2}(?![0-9]))/u;
const MEANT_AS_TIME = /^-?[ \t]*[0-9]+(?:[ \t]*(?:[:+]|-[ \t]*[0-9])|[.,][0-9]*|[ \t]*$)/;
const LONGEST_TIME = 24;
const shapes = () => t`times are SS, M:SS or H:MM:SS, with decimals on the seconds`;
const expected = () =>
  t`expected 'START: prompt', 'START-END: prompt' or 'START+: prompt', such as '0:18: she sings'; ${shapes()}`;

/** A line, or a time in it, that does not read; the message says what was expected. */
export class ReadError extends Error {}

const plainOf = (text) => [...text].map((each) => PLAIN.get(each) ?? each).join("");

export const beginsLikeAnEntry = (text) => Boolean(HEAD.exec(plainOf(text))?.groups.colon);

export function beginsLikeATime(text) {
  const plain = plainOf(text);
  return MEANT_AS_TIME.test(plain) || DECORATED.test(plain);
}

/**
 * The times of one line that does not begin with white space.
 *
 * @returns {{start: Fraction, end: Fraction | null, form: "range" | "open" | "hold", length: number, startLength: number,
 *   endAt: number, endLength: number}} `length` characters in front of the words; where the times stand in them
 */
export function readHead(line) {
  const plain = plainOf(line);
  const match = HEAD.exec(plain);
  if (match === null) {
    const decorated = DECORATED.exec(plain);
    if (decorated && plain[decorated[0].length - decorated.groups.time.length - 1] !== "-") {
      throw new ReadError(t`the line has to begin with its time: '${decorated.groups.time}: prompt'`);
    }
    throw new ReadError(expected());
  }
  const { start: startText, end: endText, plus, colon } = match.groups;
  const length = match[0].length;
  if (!colon) throw new ReadError(missingColon(plain, match));
  if (plain[length] === ":") throw new ReadError(t`two colons in a row behind ${startText}; ${shapes()}`);
  const start = readTime(startText);
  const head = { start, end: null, form: plus ? "open" : "hold", length, startLength: startText.length, endAt: 0, endLength: 0 };
  if (endText === undefined) return head;
  const end = readTime(endText);
  const order = compare(end, start);
  if (order === 0) {
    throw new ReadError(t`the range is empty, it ends where it begins, at ${startText}; write an end after that`);
  }
  if (order < 0) {
    throw new ReadError(t`the end ${endText} lies before the start ${startText}; write the earlier time first`);
  }
  const endAt = plain.indexOf(endText, plain.indexOf("-", startText.length));
  return { ...head, end, form: "range", endAt, endLength: endText.length };
}

/** Reads `SS`, `M:SS` or `H:MM:SS`. @returns {Fraction} */
export function readTime(text) {
  if (text.length > LONGEST_TIME) {
    throw new ReadError(t`${text.slice(0, LONGEST_TIME)}... is longer than any song; ${shapes()}`);
  }
  const parts = text.split(":");
  const higher = parts.slice(0, -1);
  const [whole, decimals] = parts[parts.length - 1].split(".");
  if (higher.length > 2) throw new ReadError(t`${text} has more than hours, minutes and seconds; ${shapes()}`);
  if (decimals === "") throw new ReadError(t`${text} ends in a point; write its decimals, or leave the point out`);
  for (const part of higher.length > 0 ? [...higher.slice(1), whole] : []) {
    if (part.length !== 2) {
      const padded = paddedTime(text);
      const example = padded === text ? t`such as 1:05` : t`write ${padded}`;
      throw new ReadError(
        t`${text} is ambiguous: behind a colon a time has two digits, ${example}, or put a space behind the colon that ends the time`,
      );
    }
    if (Number(part) > 59) {
      throw new ReadError(t`${text} is no time: behind a colon, 59 is the most; write ${carried([...higher, whole])}`);
    }
  }
  const total = inSeconds([...higher, whole]);
  return decimals === undefined
    ? fraction(total)
    : fraction(total * 10n ** BigInt(decimals.length) + BigInt(decimals), 10n ** BigInt(decimals.length));
}

const inSeconds = (parts) => parts.reduce((total, part) => total * 60n + BigInt(part), 0n);

function paddedTime(text) {
  const [first, ...parts] = text.split(":");
  return [first, ...parts.map((part) => (part.split(".")[0].length > 1 ? part : `0${part}`))].join(":");
}

const two = (value) => String(value).padStart(2, "0");

function carried(parts) {
  const total = inSeconds(parts);
  const [minutes, seconds] = [total / 60n, total % 60n];
  const [hours, rest] = [minutes / 60n, minutes % 60n];
  return hours > 0n ? `${hours}:${two(rest)}:${two(seconds)}` : `${rest}:${two(seconds)}`;
}

function missingColon(plain, match) {
  const { start, end, plus } = match.groups;
  const head = match[0].trimEnd();
  const rest = plain.slice(match[0].length);
  if (plus === undefined && rest.startsWith("+")) {
    return t`${head}+ has both an end and a plus; write '${head}: prompt', or '${start}+: prompt'`;
  }
  if (rest.startsWith("-")) {
    return t`expected a time behind '${head}-', or '${start}+: prompt' for an entry without an end`;
  }
  if (rest.startsWith(",")) return t`decimals of a second are set off with a point, such as 1:15.5`;
  const at = start.lastIndexOf(":");
  const [first, last] = [at < 0 ? "" : start.slice(0, at), start.slice(at + 1)];
  if (end === undefined && first && (first.includes(":") || last.length !== 2)) {
    return t`expected a colon behind the time '${head}'; if the time is ${first} and the prompt begins with '${last}', put a space between them: '${first}: ${last}'`;
  }
  return t`expected a colon and a prompt behind '${head}', such as '${head}: she sings'`;
}

/** Seconds as a schedule writes them: `0:30`, `1:05.5`, `1:00:00`; hundredths at most. */
export function timeText(seconds) {
  const hundredths = Math.max(0, Math.round(seconds * 100));
  const whole = Math.floor(hundredths / 100);
  const decimals = hundredths % 100 === 0 ? "" : `.${two(hundredths % 100).replace(/0$/, "")}`;
  const minutes = Math.floor(whole / 60);
  const tail = `${two(whole % 60)}${decimals}`;
  return minutes < 60 ? `${minutes}:${tail}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${tail}`;
}
