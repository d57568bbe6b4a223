// What the doctor found in a finished video, as the timeline and its panel show it: pure functions, tested by `node --test`.
import { clockText } from "../time_text_model.mjs";
import { english, t, translated } from "../words_model.mjs";

const SAVER = "StreamingVideoSave";
const MOST_MARKS = 80;
const MOST_LANES = 4;
/** Two marks in one lane keep this share of the view between them. */
const APART = 0.004;
const SMALLEST = 0.008;

/** What each kind of symptom is called. */
export const KINDS = {
  decode_tile_pulse: english`Pulse of decoder tiles`,
  visible_cut: english`Visible cut`,
  odd_window: english`One odd window`,
  frozen_start: english`Frozen start`,
  frozen_window: english`Frozen window`,
  black_window: english`Black window`,
  duplicated_frames: english`Frames shown twice`,
  missing_frames: english`Missing frames`,
  colour_drift: english`Colours drift`,
  contrast_drift: english`Contrast drifts`,
  sharpness_drift: english`Sharpness drifts`,
  style_drift: english`Style drifts`,
  identity_drift: english`The person changes`,
  zoom_creep: english`The picture creeps closer`,
  audio_offset: english`Sound is shifted`,
  audio_drift: english`Sound runs away`,
  lip_sync: english`Lips do not follow the voice`,
  dull_audio: english`Dull sound`,
  schedule_timing: english`Changes at other times than asked`,
};
/** Kinds that lie in the file, its decoding or its sound: the same latents give them again. */
const NOT_SAMPLED = new Set(["decode_tile_pulse", "duplicated_frames", "missing_frames", "audio_offset", "audio_drift", "dull_audio", "schedule_timing"]);

export const kindWords = (kind) => translated(KINDS[kind] ?? kind);

/** How strong a symptom is: 1 is what a viewer begins to notice. */
export const levelOf = (strength) => (strength >= 3 ? "strong" : strength >= 1.5 ? "clear" : "slight");

const LEVELS = { strong: english`strong`, clear: english`clear`, slight: english`slight` };

export const strengthWords = (strength) => t`${translated(LEVELS[levelOf(strength)])}, ${strength.toFixed(1)} times what is noticed`;

/** Whether making a part again can mend a symptom. */
export const isMendedByRetake = (kind) => !NOT_SAMPLED.has(kind);

/** Folders below ComfyUI's output folder into which a prompt saves its videos. */
export function foldersOf(prompt) {
  const prefixes = Object.values(prompt).filter((node) => node.class_type === SAVER).map((node) => node.inputs?.filename_prefix);
  const folders = prefixes.filter((each) => typeof each === "string").map((each) => each.replaceAll("\\", "/").split("/").slice(0, -1).join("/"));
  return [...new Set(folders)];
}

/** The file of a diagnosis that a node has told of; null if it has not examined anything. */
export function dataOf(output) {
  const [file] = output?.audio_loop_doctor ?? [];
  return file?.data ? file : null;
}

/** One sentence about a diagnosis. */
export function summaryOf({ symptoms, video }) {
  const name = video.split("/").pop();
  if (symptoms.length === 0) return t`The doctor found nothing wrong in ${name}`;
  return symptoms.length === 1 ? t`The doctor found 1 thing in ${name}` : t`The doctor found ${symptoms.length} things in ${name}`;
}

export const placeWords = ({ start_seconds: start, end_seconds: end, window }) => {
  const when = end - start < 0.1 ? clockText(start) : t`${clockText(start)} to ${clockText(end)}`;
  return window === null || window === undefined ? when : t`${when}, window ${window}`;
};

/**
 * What is drawn over the windows: the strongest first, each in the first lane that is free there; what finds none is in the list only.
 *
 * @returns {{symptom: number, stretch: number, from: number, to: number, lane: number, level: string, title: string}[]}
 */
export function marksOf({ symptoms }, length) {
  const marks = [];
  const lanes = Array.from({ length: MOST_LANES }, () => []);
  const all = symptoms.flatMap((symptom, index) => symptom.stretches.map((stretch, place) => ({ symptom, index, stretch, place })));
  for (const { symptom, index, stretch, place } of all.sort((a, b) => b.symptom.strength - a.symptom.strength || a.place - b.place)) {
    if (marks.length >= MOST_MARKS) break;
    const [from, to] = shownRange(stretch, length);
    const lane = lanes.findIndex((taken) => taken.every(([begin, end]) => to + length * APART <= begin || from >= end + length * APART));
    if (lane < 0) continue;
    lanes[lane].push([from, to]);
    const title = `${kindWords(symptom.kind)} (${strengthWords(symptom.strength)}), ${placeWords(stretch)}: ${symptom.words}`;
    marks.push({ symptom: index, stretch: place, from, to, lane, level: levelOf(symptom.strength), title, seconds: stretch.start_seconds });
  }
  // By time, as the arrow keys go through them.
  return marks.sort((a, b) => a.from - b.from || a.lane - b.lane);
}

/** A moment is as wide as can be hit. */
function shownRange({ start_seconds: start, end_seconds: end }, length) {
  const missing = Math.max(0, length * SMALLEST - (end - start)) / 2;
  const from = Math.max(0, start - missing);
  return [from, Math.min(length, Math.max(end + missing, from + length * SMALLEST))];
}

/** How many lanes are used. */
export const lanesOf = (marks) => marks.reduce((most, { lane }) => Math.max(most, lane + 1), 0);

/** Where a mark lies in a view of the song, in per cent of its width; null outside. */
export function placeInView({ from, to }, view) {
  const share = (seconds) => (100 * (seconds - view.from)) / (view.to - view.from);
  const [left, right] = [Math.max(0, share(from)), Math.min(100, share(to))];
  return right <= 0 || left >= 100 || right <= left ? null : { left, width: right - left };
}

/** The finding next to a mark by the arrow keys. */
export const neighbour = (index, step, count) => Math.min(count - 1, Math.max(0, index + step));
