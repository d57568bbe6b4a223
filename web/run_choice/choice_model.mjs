// What a person chooses from, in words: runs, windows and takes on disk. Pure functions, tested by `node --test`.
import { clockText } from "../time_text_model.mjs";
import { english, t } from "../words_model.mjs";

const TAKES = { widget: "takes", kind: "take", button: english`Choose takes …` };

/** Nodes with choices: for each the widget that takes it, and the button's words. */
export const CHOICES = {
  LoadLoopCheckpoint: [{ widget: "run_name", kind: "run", button: english`Choose the run …` }, TAKES],
  LoopRetakeWindow: [{ widget: "window", kind: "window", button: english`Choose the window …` }],
  IterationCheckpoint: [TAKES],
};

/** A UTC time in ISO 8601 as a person's own clock shows it. */
export function localTime(iso, locale) {
  const time = new Date(iso);
  return Number.isNaN(time.getTime()) ? iso : time.toLocaleString(locale, { dateStyle: "medium", timeStyle: "short" });
}

/** Lines under the picture of a run. */
export function runLines(run, locale) {
  if (run.problem) return [run.name, run.problem];
  const { finished, windows } = run;
  const made = windows === null ? t`${finished} windows` : t`${finished} of ${windows} windows`;
  const all = run.song_seconds === null ? made : t`${made}, song ${clockText(run.song_seconds)}`;
  return [run.name, all, t`changed ${localTime(run.changed, locale)}`];
}

/** What an empty name means, and why. */
export function emptyMeans(runs) {
  if (runs.length === 0) return t`There is no run on disk yet: render one first.`;
  return t`takes ${runs[0].name}, because it was changed last`;
}

/** Lines under the picture of a window. */
export function windowLines(window) {
  const name = window.index === 0 ? t`window 0 (initial render)` : t`window ${window.index}`;
  const shows = window.shows === null ? [] : [t`${clockText(window.shows[0])} to ${clockText(window.shows[1])}`];
  const more = [window.takes.length > 1 ? t`${window.takes.length} takes` : "", window.locked ? t`locked` : ""].filter(Boolean);
  return [name, ...shows, ...(more.length > 0 ? [more.join(", ")] : [])];
}

/** Lines under the picture of a take. */
export function takeLines(take, locale) {
  const seed = take.seed === null ? "" : t`seed ${take.seed}`;
  const time = localTime(take.made, locale);
  const made = take.retake ? t`retake, made ${time}` : t`made ${time}`;
  return [take.chosen ? t`take ${take.number} (in the video)` : t`take ${take.number}`, made, seed].filter(Boolean);
}

/** The take of a window that stands for it: the one in the video. */
export function shownTake(window) {
  return window.takes.find((take) => take.chosen) ?? window.takes[window.takes.length - 1];
}

/** Takes picked in a text such as `7: 2, 9: 1`: window -> number. Parts that are neither are not there. */
export function picked(text) {
  const found = new Map();
  for (const part of text.split(/[,\n]/)) {
    const match = /^\s*(\d+)\s*:\s*(\d+)\s*$/.exec(part);
    if (match) found.set(Number(match[1]), Number(match[2]));
  }
  return found;
}

/** The text with another take of a window, or with none if `number` is null: the node then takes what fits. */
export function withTake(text, window, number) {
  const kept = text
    .split(/[,\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== "" && !new RegExp(`^${window}\\s*:`).test(part));
  return [...kept, ...(number === null ? [] : [`${window}: ${number}`])].join(", ");
}

/** Where the page finds the picture of a take. */
export function picturePath(run, window, take) {
  return `/audio_loop/runs/picture?run=${encodeURIComponent(run)}&window=${window}&take=${take}`;
}

/** The name of the run that a node's choice is about; "" is the run that was changed last. Undefined: another node decides. */
export function runOf(prompt, executionId) {
  const node = prompt[executionId];
  let name = node?.inputs?.run_name ?? "";
  for (let steps = 0; Array.isArray(name) && steps < 100; steps++) {
    const source = prompt[name[0]];
    const inputs = source?.inputs ?? {};
    name = source?.class_type === "LoadLoopCheckpoint" ? (inputs.run_name ?? "") : (inputs.value ?? undefined);
  }
  return typeof name === "string" ? name : undefined;
}
