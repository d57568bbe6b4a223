// Which command a key means on the timeline, and what a screen reader says of a section.
import { clockText } from "../time_text_model.mjs";
import { PROMPTS } from "./prompt_words_model.mjs";
import { t } from "../words_model.mjs";

const COMMANDS = {
  " ": "play",
  ArrowLeft: "back",
  ArrowRight: "forward",
  ArrowUp: "previous",
  ArrowDown: "next",
  Home: "beginning",
  End: "end",
  s: "split",
  i: "loopFrom",
  o: "loopTo",
  Delete: "remove",
  Backspace: "remove",
  Enter: "edit",
  "+": "zoomIn",
  "-": "zoomOut",
};

/** The command of a key event; undefined if the key is not the timeline's. */
export function commandOf({ key, ctrlKey = false, metaKey = false, altKey = false }) {
  if (ctrlKey || metaKey) return key.toLowerCase() === "b" ? "split" : undefined;
  if (altKey) return undefined;
  return COMMANDS[key.length === 1 ? key.toLowerCase() : key];
}

/** A section in words: its place, times, when it is seen, and its prompt or picture. */
export function sectionWords(entry, number, count, ends, kind = PROMPTS) {
  const { seenSeconds: seen } = entry;
  const text = kind.said(entry.text);
  const place = t`Section ${number} of ${count}, ${clockText(entry.startSeconds)} to ${clockText(ends)}`;
  // Without a plan it is not known.
  if (seen === undefined) return `${place}: ${text}`;
  return seen === null ? t`${place}, never seen: ${text}` : t`${place}, seen from ${clockText(seen)}: ${text}`;
}
