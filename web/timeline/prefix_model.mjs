// The words that all sections begin with, the subject and style, kept the same to the byte.
import { EditRefused, read, setWords } from "./edit_model.mjs";
import { readEntries } from "./schedule_model.mjs";
import { t } from "../words_model.mjs";

const FEWEST_WORDS = 3;

/**
 * The longest beginning that all sections share, cut behind a comma or full stop; behind a word if some more follow that, as in
 * "a singer in a coat is singing" and "a singer in a coat is dancing"; "" if there is none or one section only.
 */
export function commonPrefix(text) {
  let words;
  try {
    words = readEntries(text).map((entry) => entry.text);
  } catch {
    return "";
  }
  if (words.length < 2) return "";
  const [first, ...others] = words;
  let length = 0;
  while (length < first.length && others.every((other) => other[length] === first[length])) length++;
  const shared = first.slice(0, length);
  if (words.every((each) => each === first)) return "";
  const clause = endOf([...shared.matchAll(/[,.;]\s+/g)]);
  const word = endOf([...shared.slice(clause).matchAll(/\S\s+/g)].slice(FEWEST_WORDS - 1));
  return shared.slice(0, clause + word);
}

/** Where the last of some matches ends; 0 if there is none. */
function endOf(matches) {
  const last = matches.pop();
  return last === undefined ? 0 : last.index + last[0].length;
}

/** Lets all sections begin with these words instead of those that they share now. */
export function setCommonPrefix(text, prefix) {
  const old = commonPrefix(text);
  if (/[\r\n]/.test(prefix)) throw new EditRefused(t`The beginning that all share is one line.`);
  const own = read(text).map((entry) => entry.text.slice(old.length));
  const refusal = own.findIndex((words) => words.trim() === "");
  if (refusal >= 0 && prefix.trim() === "") throw new EditRefused(t`Section ${refusal + 1} would have no words.`);
  // Words that went on without a comma go on without one.
  const isOpen = /[^,.;\s]\s+$/.test(old) || /[,.;]$/.test(prefix);
  const written = prefix === "" || /\s$/.test(prefix) ? prefix : `${prefix}${isOpen ? " " : ", "}`;
  return own.reduce((changed, words, index) => withBeginning(changed, index, old, written, words), text);
}

/** Continuation lines stay where they are if the shared words stand on the first line. */
function withBeginning(text, index, old, written, own) {
  const { block, head, isPlain } = readEntries(text)[index];
  const rest = isPlain ? block.shown : block.shown.slice(head.length);
  const space = rest.length - rest.trimStart().length;
  if (!rest.trimStart().startsWith(old) || rest.trimStart().length === old.trimEnd().length) return setWords(text, index, `${written}${own}`);
  const from = block.line.at + block.hidden + (isPlain ? 0 : head.length) + space;
  return `${text.slice(0, from)}${space > 0 || isPlain ? "" : " "}${written}${text.slice(from + old.length)}`;
}
