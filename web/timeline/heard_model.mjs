// What was heard in the song, as the timeline shows it: sections in the colours of their material, beats, voice, and all of it in words.
import { clockText } from "../time_text_model.mjs";
import { english, t, translated } from "../words_model.mjs";
import { toPx } from "./zoom_model.mjs";

const LABELS = {
  intro: english`intro`,
  verse: english`verse`,
  chorus: english`chorus`,
  bridge: english`bridge`,
  instrumental: english`instrumental`,
  break: english`break`,
  outro: english`outro`,
  speech: english`speech`,
  section: english`section`,
};
const LEVELS = { quiet: english`quiet`, medium: english`medium loud`, loud: english`loud` };
export const VOICES = { singing: english`singing`, speech: english`speech`, crowd: english`laughter or applause` };

/** Marks that stand closer than this are a grey mass. */
const CLOSEST_PX = 5;
/** Turns the hue from one letter to the next so that neighbours differ and none comes back soon. */
const GOLDEN_DEGREES = 137.508;
const FIRST_DEGREES = 205;

const labelOf = (section) => translated(LABELS[section.label] ?? section.label);

/** Sections of the same letter are of the same material and have the same colour. */
export const letterHue = (letter) => Math.round(FIRST_DEGREES + GOLDEN_DEGREES * ((letter.codePointAt(0) ?? 65) - 65)) % 360;

/** "chorus B": what stands in a section if there is room. */
export const sectionName = (section) => `${labelOf(section)} ${section.letter}`;

/**
 * @param {object} answer of the route `heard`
 * @returns {object} the answer with `hue` and `name` on each section, and `barSet` of the beats that begin a bar
 */
export function heardOf(answer) {
  const sections = answer.sections.map((section) => ({ ...section, hue: letterHue(section.letter), name: sectionName(section) }));
  return { ...answer, sections, barSet: new Set(answer.bars) };
}

/** Index of the first of rising numbers that is not below `value`. */
function firstFrom(numbers, value) {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Beats in view, or only those that begin a bar, or none, so that they can be told apart.
 *
 * @returns {{x: number, isBar: boolean}[]}
 */
export function beatMarks({ beats, bars, barSet }, view, width) {
  const perSecond = width / (view.to - view.from);
  const isWide = (count) => count > 1 && ((beats[beats.length - 1] - beats[0]) / (count - 1)) * perSecond >= CLOSEST_PX;
  if (beats.length < 2 || !isWide(bars.length)) return [];
  const all = isWide(beats.length);
  const marks = [];
  for (let index = firstFrom(beats, view.from); index < beats.length && beats[index] <= view.to; index++) {
    const isBar = barSet.has(index);
    if (all || isBar) marks.push({ x: toPx(beats[index], view, width), isBar });
  }
  return marks;
}

const percent = (part) => Math.round(100 * part);

/** The section that is heard at a second, in words; "" outside of the song. */
export function sectionHint({ sections, voice }, seconds) {
  const section = sections.find((each) => each.start_seconds <= seconds && seconds < each.end_seconds);
  if (section === undefined) return "";
  const place = t`${section.name}, ${clockText(section.start_seconds)} to ${clockText(section.end_seconds)}`;
  const level = translated(LEVELS[section.level] ?? section.level);
  const now = voice.stretches.find((each) => each.start_seconds <= seconds && seconds < each.end_seconds);
  const heard = now === undefined ? t`no voice here` : t`here ${translated(VOICES[now.kind] ?? now.kind)}`;
  return [place, level, heard].join(", ");
}

/** Kinds of voice that are heard somewhere, in the order of the legend. */
export const voicesIn = ({ voice }) => Object.keys(VOICES).filter((kind) => voice.stretches.some((each) => each.kind === kind));

/** The whole song in a line: tempo, key, sections, voice. */
export function heardWords({ tempo_bpm: bpm, beats_per_bar: perBar, key, sections, voice }) {
  const count = sections.length;
  return [
    bpm === null ? t`no steady beat` : t`${bpm.toFixed(0)} BPM, ${perBar} beats in a bar`,
    ...(key === null ? [] : [t`key ${key}`]),
    count === 1 ? t`1 section` : t`${count} sections`,
    voice.fraction > 0 ? t`voice in ${percent(voice.fraction)} % of the song` : t`no voice`,
  ].join(" · ");
}

/** What is said while the song is listened to; `done` is 0 to 1. */
export const listeningWords = (done) => t`Listening … ${percent(done)} %`;
