// What the browser side of Audio Loop says and keeps, without the page: pure functions, tested by `node --test`.
import { english, t } from "./words_model.mjs";

/** Nodes of the pack that show a word which stays, and the label in front of it. */
export const WORD_LABELS = {
  TensorLoopOpen: english`iteration`,
  IterationCheckpoint: english`windows`,
  LoadLoopCheckpoint: english`windows`,
  StreamingVideoSave: english`video`,
  AudioLoopPicture: english`picture`,
  LoopPreflight: english`check`,
  LoopDoctor: english`doctor`,
};

export const FADES_MS = 8000;
const ERROR_FADES_MS = 20000;

/** What to say to the answer of the stop route: `{stopping: [{node, iteration}]}`, or `{error}`. */
export function stopMessage(ok, answer) {
  if (!ok) return { severity: "warn", detail: answer.error ?? t`the request was refused`, life: FADES_MS };
  const iterations = answer.stopping.map((loop) => loop.iteration);
  const running = iterations.filter((iteration) => iteration > 0);
  const detail =
    running.length > 0
      ? t`The loop ends after iteration ${running.join(", ")}; the video is made from what exists.`
      : t`The render ends after the initial window; the video is made from what exists.`;
  return { severity: "info", detail, life: FADES_MS };
}

/** What to say of a loop that ended early: neutral where it was cancelled, an error else. Both fade. */
export function endMessage({ iteration, of }, cancelled) {
  const where = of ? t`in iteration ${iteration} of ${of}` : t`in iteration ${iteration}`;
  if (cancelled) return { severity: "info", detail: t`Cancelled ${where}. Windows finished before are kept.`, life: FADES_MS };
  return { severity: "error", detail: t`The loop ended early, ${where}. Windows finished before are kept.`, life: ERROR_FADES_MS };
}

/** The word in what a node put into the user interface; undefined if there is none. */
export function wordOf(output) {
  const text = output?.text;
  if (typeof text === "string") return text;
  return Array.isArray(text) && text.length > 0 ? text.join("\n") : undefined;
}

/** Where ComfyUI gives out the file that a node has saved; null if it has saved none. */
export function viewPath(output) {
  const file = output?.images?.[0];
  if (!file?.filename) return null;
  const { filename, subfolder = "", type = "output" } = file;
  return `/view?${new URLSearchParams({ filename, subfolder, type })}`;
}

const BY_NAME = /^[0-9a-f]{8}-[0-9a-f]{4}-5/i;

/**
 * The id of a workflow that is opened. One that was made from a name (UUID of version 5) is that of a shipped file: every song that
 * begins with the file would have it, and what the last render showed is kept by this id. It gets one of its own.
 */
export const ownId = (id, make) => (BY_NAME.test(id ?? "") ? make() : id);

/** A text of several lines in one, for a widget that has one. */
export function oneLine(text) {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .join(" \u00b7 ");
}

/**
 * Which of the nodes lose what an earlier render left on them when the next begins.
 *
 * Nodes of a loop are cleared when it is known that the loop runs; a result that ComfyUI has kept stays shown.
 *
 * @param {string[]} shown ids of nodes with a word
 * @param {Iterable<string>} inLoops ids of nodes that belong to a loop
 * @param {Iterable<string>} cached ids of nodes whose result is reused
 */
export function clearedAtStart(shown, inLoops, cached) {
  const stays = new Set([...inLoops, ...cached]);
  return shown.filter((id) => !stays.has(id));
}
