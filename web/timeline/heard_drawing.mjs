// Draws what was heard in the song: its sections as a strip, beats as ticks, and where somebody is heard.
import { t } from "../words_model.mjs";
import { beatMarks } from "./heard_model.mjs";
import { toPx } from "./zoom_model.mjs";

/** Of each kind of voice, on light and dark grounds alike. */
export const VOICE_COLOURS = { singing: "#e2679f", speech: "#2fa4b8", crowd: "#d18f26" };

/** Ticks where the beat falls, long ones where a bar begins. */
export function drawBeats(context, { heard, view }, width, [top, bottom], palette) {
  if (!heard) return;
  context.strokeStyle = palette.text;
  for (const isBar of [false, true]) {
    context.globalAlpha = isBar ? 0.8 : 0.5;
    context.beginPath();
    for (const mark of beatMarks(heard, view, width).filter((each) => each.isBar === isBar)) {
      const x = Math.round(mark.x) + 0.5;
      context.moveTo(x, isBar ? top : (top + bottom) / 2);
      context.lineTo(x, bottom);
    }
    context.stroke();
  }
  context.globalAlpha = 1;
}

/** A line where somebody is heard. */
export function drawVoice(context, { heard, view }, width, [top, bottom]) {
  for (const stretch of heard?.voice.stretches ?? []) {
    const [x, end] = [stretch.start_seconds, stretch.end_seconds].map((second) => toPx(second, view, width));
    if (end < 0 || x > width) continue;
    context.fillStyle = VOICE_COLOURS[stretch.kind] ?? VOICE_COLOURS.singing;
    context.fillRect(x, top, Math.max(1, end - x), bottom - top);
  }
}

/** The song's own sections; the same material has the same colour. */
export function drawHeard(context, { heard, view }, width, [top, bottom], palette) {
  if (!heard) {
    context.fillStyle = palette.faint;
    context.fillText(t`“Listen” shows the song's own sections, beats and voice here.`, 5, (top + bottom) / 2 + 1);
    return;
  }
  for (const section of heard.sections) {
    const [x, end] = [section.start_seconds, section.end_seconds].map((second) => toPx(second, view, width));
    if (end < 0 || x > width) continue;
    context.fillStyle = `hsl(${section.hue} 60% ${palette.isLight ? 82 : 26}%)`;
    context.fillRect(x, top, Math.max(1, end - x - 1), bottom - top);
    const left = Math.max(0, x) + 5;
    const room = Math.min(end, width) - left - 4;
    const words = [section.name, section.letter].find((each) => context.measureText(each).width <= room);
    if (words === undefined) continue;
    context.fillStyle = palette.isLight ? "#000000" : "#ffffff";
    context.fillText(words, left, (top + bottom) / 2 + 1);
  }
}
