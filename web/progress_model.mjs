// How far a song is, in words: pure functions on the pack's progress message, tested by `node --test`.
import { t } from "./words_model.mjs";

/** Seconds as a person says them: "45 s", "12 min", "2 h 05 min". */
export function durationText(seconds) {
  if (seconds < 59.5) return t`${Math.max(0, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return t`${minutes} min`;
  return t`${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

/** What is left, and until when; empty before anything was measured. */
export function leftText({ seconds_left: seconds, decode_follows: decodeFollows }) {
  if (seconds === null || seconds === undefined) return "";
  const left = durationText(seconds);
  return decodeFollows ? t`${left} until the video is written` : t`${left} left`;
}

function percentText({ percent }) {
  return `${Math.floor(percent)} %`;
}

function stepText({ step, steps, step_seconds: seconds }) {
  if (!steps) return "";
  const digits = seconds < 1 ? 2 : seconds < 10 ? 1 : 0;
  const at = t`step ${step} / ${steps}`;
  return seconds ? t`${at}, ${seconds.toFixed(digits)} s each` : at;
}

function joined(...parts) {
  return parts.filter((part) => part !== "").join(" \u00b7 ");
}

function stageText({ stage, stages }) {
  return stages ? t`stage ${stage} / ${stages}` : "";
}

function workText(progress) {
  return progress.frames ? t`writing frame ${progress.frame} / ${progress.frames}` : stepText(progress);
}

/** The line on the loop node, behind "7 / 10". */
export function loopText(progress) {
  return joined(percentText(progress), stageText(progress), workText(progress), leftText(progress));
}

/** The line on a node that holds the loop: which window too, and short enough for the node's width. */
export function holderText(progress) {
  const { windows, finished, step, steps, frame, frames, seconds_left: seconds } = progress;
  const made = windows && !frames ? t`${finished} of ${windows} windows` : "";
  const work = frames ? t`writing frame ${frame} / ${frames}` : steps ? t`step ${step} / ${steps}` : "";
  const left = seconds === null || seconds === undefined ? "" : t`${durationText(seconds)} left`;
  return joined(percentText(progress), stageText(progress), made, work, left);
}

/** What stands in front of the name in the browser's tab; empty if nothing is running. */
export function titlePrefix(progress) {
  if (!progress) return "";
  const { seconds_left: seconds } = progress;
  const left = seconds === null || seconds === undefined ? "" : durationText(seconds);
  return `${joined(percentText(progress), left)} | `;
}

/** The tab's title with the right thing in front, given what was put there before. */
export function withPrefix(title, before, now) {
  return now + (before && title.startsWith(before) ? title.slice(before.length) : title);
}

/** The nodes that hold an execution id such as "2300:2301:1539": "2300", "2300:2301". */
export function holdersOf(executionId) {
  const parts = String(executionId ?? "").split(":");
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join(":"));
}
