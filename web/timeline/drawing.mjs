// Draws the timeline on a canvas: ruler, waveform, what was heard, sections as asked and as seen, and the windows with their overlaps.
import { drawPicture } from "../keyframes/pictures.mjs";
import { clockText } from "../time_text_model.mjs";
import { t } from "../words_model.mjs";
import { drawBeats, drawHeard, drawVoice } from "./heard_drawing.mjs";
import { ticks, toPx } from "./zoom_model.mjs";

export const ROWS = { ruler: [0, 20], wave: [20, 80], beats: [80, 88], voice: [88, 92], heard: [93, 109], blocks: [113, 193], seen: [195, 209], windows: [215, 251] };
export const HEIGHT_PX = 255;
const FONT = "12px Inter, system-ui, sans-serif";
const LOST = { ground: "#3a3434", stripes: "#e5484d59", frame: "#e5484d", words: "#ffb4b4" };

/** ComfyUI's own colours, and those that stand out from its ground, light or dark. */
function colours(element, context) {
  const style = getComputedStyle(element);
  const read = (name, otherwise) => style.getPropertyValue(name).trim() || otherwise;
  const palette = {
    ground: read("--comfy-input-bg", "#222"),
    text: read("--input-text", "#ddd"),
    faint: read("--descrip-text", "#999"),
    line: read("--border-color", "#4e4e4e"),
  };
  // The context gives any way to write a colour back as #rrggbb.
  context.fillStyle = palette.ground;
  const [red, green, blue] = /^#(..)(..)(..)/.exec(context.fillStyle)?.slice(1).map((each) => parseInt(each, 16)) ?? [0, 0, 0];
  const isLight = 0.3 * red + 0.6 * green + 0.1 * blue > 128;
  const ink = isLight ? "0, 0, 0" : "255, 255, 255";
  return { ...palette, isLight, chosen: isLight ? "#000000" : "#ffffff", dashes: `rgba(${ink}, 0.35)`, seenWindow: `rgba(255, 255, 255, ${isLight ? 0.25 : 0.2})` };
}

function rounded(context, x, y, width, height, radius = 4) {
  context.beginPath();
  context.roundRect(x, y, Math.max(1, width), height, radius);
}

/** Words in lines that fit; the last ends in an ellipsis if words are left over. */
function wrapped(context, words, width, most) {
  const lines = [""];
  for (const word of words.split(/\s+/)) {
    const last = lines[lines.length - 1];
    const longer = last ? `${last} ${word}` : word;
    // A word that is wider than a line stands in it all the same, cut off: no line stays empty.
    if (last === "" || context.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else if (lines.length < most) lines.push(word);
    else return [...lines.slice(0, -1), `${lines[lines.length - 1]} …`];
  }
  return lines;
}

function drawRuler(context, shown, width, palette) {
  context.fillStyle = palette.faint;
  context.strokeStyle = palette.line;
  context.textBaseline = "middle";
  for (const second of ticks(shown.view, width)) {
    const x = Math.round(toPx(second, shown.view, width)) + 0.5;
    context.beginPath();
    context.moveTo(x, 14);
    context.lineTo(x, 20);
    context.stroke();
    context.fillText(clockText(second).replace(/\.00$/, ""), x + 3, 9);
  }
}

function drawReading(context, { reading, peaks }, palette) {
  if (!reading) return;
  const y = peaks ? ROWS.wave[0] + 8 : (ROWS.wave[0] + ROWS.wave[1]) / 2;
  const room = context.measureText(reading).width + 12;
  context.fillStyle = palette.ground;
  rounded(context, 4, y - 9, room, 18);
  context.fill();
  context.fillStyle = palette.text;
  context.fillText(reading, 10, y);
}

function drawWave(context, { peaks, view }, width, palette) {
  const [top, bottom] = ROWS.wave;
  const middle = (top + bottom) / 2;
  context.strokeStyle = palette.line;
  context.beginPath();
  context.moveTo(0, middle);
  context.lineTo(width, middle);
  context.stroke();
  if (!peaks) return;
  // The loudest place of the song fills the row: a quiet song is read as well as a loud one.
  const scale = (bottom - top) / 2 / peaks.loudest;
  const perColumn = (peaks.to - peaks.from) / peaks.low.length;
  context.fillStyle = palette.faint;
  const columnAt = (x) => Math.floor((view.from + (x / width) * (view.to - view.from) - peaks.from) / perColumn);
  for (let x = 0; x < width; x++) {
    // Every column that lies under a pixel counts: a short loud place is seen at any zoom.
    const first = Math.max(0, columnAt(x));
    const last = Math.min(peaks.low.length, Math.max(first + 1, columnAt(x + 1)));
    let [low, high] = [0, 0];
    for (let column = first; column < last; column++) {
      low = Math.min(low, peaks.low[column]);
      high = Math.max(high, peaks.high[column]);
    }
    if (first < last) context.fillRect(x, middle - high * scale, 1, Math.max(1, (high - low) * scale));
  }
}

function drawSections(context, shown, width, palette) {
  const [top, bottom] = ROWS.blocks;
  for (const section of shown.sections) {
    const [x, end] = [section.from, section.to].map((second) => toPx(second, shown.view, width));
    if (end < 0 || x > width) continue;
    rounded(context, x + 1, top, end - x - 2, bottom - top);
    context.fillStyle = section.isLost ? LOST.ground : `hsl(${section.hue} 45% 32%)`;
    context.fill();
    context.save();
    context.clip();
    if (section.isLost) drawStripes(context, x, end);
    const { label, image, isMissing } = shown.labelOf(section);
    const [from, to] = [Math.max(0, x) + 2, Math.min(end, width) - 2];
    const taken = image && to > from ? drawPicture(context, image, [from, top + 1], [to - from, bottom - top - 2]) : 0;
    // If the picture leaves no room, time and name stand on it.
    const isOver = taken > 0 && to - from - taken < 60;
    if (isOver) {
      context.fillStyle = "#000000a0";
      context.fillRect(from, top + 1, taken, 38);
    }
    const handle = x >= 0 && (taken === 0 || isOver) && isDraggable(section, shown) ? 4 : 0;
    const left = from + 5 + handle + (isOver ? 0 : taken);
    const room = to - left - 4;
    context.fillStyle = section.isLost ? LOST.words : "#ffffffc0";
    const time = clockText(section.from);
    // Half a time would be read as another one.
    if (room >= context.measureText(time).width) context.fillText(section.isLost ? t`${time}  never seen` : time, left, top + 10);
    context.fillStyle = "#ffffff";
    if (room > 24) wrapped(context, label, room, isOver ? 1 : 4).forEach((line, row) => context.fillText(line, left, top + 27 + row * 15));
    context.restore();
    if (section.isLost || isMissing || section.index === shown.selected) drawFrame(context, section.isLost || isMissing, [x, end], palette);
  }
  for (const section of shown.sections.filter((each) => isDraggable(each, shown))) drawHandle(context, section, shown, width);
}

const isDraggable = (section, { wired }) => !wired && !section.isPlain && section.from > 0;

function drawStripes(context, from, to) {
  const [top, bottom] = ROWS.blocks;
  context.strokeStyle = LOST.stripes;
  context.lineWidth = 4;
  context.beginPath();
  for (let x = from - (bottom - top); x < to; x += 12) {
    context.moveTo(x, bottom);
    context.lineTo(x + bottom - top, top);
  }
  context.stroke();
  context.lineWidth = 1;
}

function drawFrame(context, isWrong, [x, end], palette) {
  const [top, bottom] = ROWS.blocks;
  rounded(context, x + 1, top, end - x - 2, bottom - top);
  context.strokeStyle = isWrong ? LOST.frame : palette.chosen;
  context.lineWidth = 2;
  context.stroke();
  context.lineWidth = 1;
  if (!isWrong) return;
  // A section of a second or two is narrower than any word: its mark is not.
  context.fillStyle = LOST.frame;
  context.beginPath();
  context.arc(x + 1, top, 7, 0, 2 * Math.PI);
  context.fill();
  context.fillStyle = "#ffffff";
  context.textAlign = "center";
  context.fillText("!", x + 1, top + 1);
  context.textAlign = "start";
}

/** What is gripped to move the beginning of a section. */
function drawHandle(context, section, shown, width) {
  const [top, bottom] = ROWS.blocks;
  const x = toPx(section.from, shown.view, width);
  const isGripped = section.index === shown.hovered || (shown.isDragged && section.index === shown.selected);
  context.fillStyle = isGripped ? "#4a9eff" : "#ffffffb0";
  const wide = isGripped ? 6 : 4;
  rounded(context, x + 2, (top + bottom) / 2 - 14, wide, 28, 2);
  context.fill();
}

/** The parts of the song as they show each section, told apart from what was asked for. */
function drawSeen(context, shown, width) {
  const [top, bottom] = ROWS.seen;
  for (const part of shown.seenParts) {
    const [x, end] = [part.from, part.to].map((second) => toPx(second, shown.view, width));
    if (end < 0 || x > width) continue;
    context.fillStyle = `hsl(${part.hue} 55% 40%)`;
    rounded(context, x + 1, top, end - x - 2, bottom - top, 2);
    context.fill();
    const words = t`seen from ${clockText(part.from)}`;
    const left = Math.max(0, x) + 5;
    if (context.measureText(words).width + 8 > Math.min(end, width) - left) continue;
    context.fillStyle = "#ffffff";
    context.fillText(words, left, (top + bottom) / 2 + 1);
  }
}

function drawWindows(context, { grid, view }, width, palette) {
  if (!grid) return;
  for (const window of grid.windows) {
    const [x, end] = window.hears.map((second) => toPx(second, view, width));
    if (end < 0 || x > width) continue;
    const y = ROWS.windows[0] + (window.index % 2) * 19;
    context.fillStyle = palette.line;
    rounded(context, x, y, end - x, 16, 3);
    context.fill();
    // What repeats its neighbours is not seen.
    const [shows, until] = window.shows.map((second) => toPx(second, view, width));
    context.fillStyle = palette.seenWindow;
    rounded(context, shows, y, until - shows, 16, 3);
    context.fill();
    context.fillStyle = palette.text;
    const room = Math.min(until, width) - Math.max(shows, 0);
    const name = room > 70 ? t`window ${window.index}` : String(window.index);
    if (room > 16) context.fillText(name, Math.max(shows, 0) + 5, y + 9);
  }
  context.strokeStyle = palette.dashes;
  context.setLineDash([3, 4]);
  for (const second of grid.seen.slice(1)) {
    const x = Math.round(toPx(second, view, width)) + 0.5;
    context.beginPath();
    context.moveTo(x, ROWS.wave[0]);
    context.lineTo(x, ROWS.windows[1]);
    context.stroke();
  }
  context.setLineDash([]);
}

function drawMarks(context, shown, width) {
  if (shown.loop) {
    const [x, end] = shown.loop.map((second) => toPx(second, shown.view, width));
    context.fillStyle = "#4a9eff33";
    context.fillRect(x, 0, end - x, ROWS.wave[1]);
  }
  const x = toPx(shown.playhead, shown.view, width);
  context.fillStyle = "#ff5c5c";
  context.fillRect(x - 0.75, 0, 1.5, HEIGHT_PX);
  context.beginPath();
  context.moveTo(x - 5, 0);
  context.lineTo(x + 5, 0);
  context.lineTo(x, 7);
  context.fill();
  if (!shown.hint) return;
  const at = toPx(shown.hint.seconds, shown.view, width);
  const room = context.measureText(shown.hint.text).width + 12;
  const left = Math.max(0, Math.min(width - room, at + 6));
  context.fillStyle = "#000000d0";
  rounded(context, left, ROWS.blocks[0] + 2, room, 18);
  context.fill();
  context.fillStyle = "#ffffff";
  context.fillText(shown.hint.text, left + 6, ROWS.blocks[0] + 12);
}

/**
 * Draws what is shown.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {{view, grid, peaks, reading: string, wired: boolean, sections: {index, from, to, words, hue, isLost, isPlain}[],
 *   seenParts: {from, to, hue}[], heard: object | null, selected: number, hovered: number | null, playhead: number,
 *   loop: [number, number] | null, hint: {seconds, text} | null, isDragged: boolean}} shown
 */
export function draw(canvas, shown) {
  const width = canvas.clientWidth;
  if (width === 0) return;
  const scale = Math.max(1.5, window.devicePixelRatio || 1);
  const [wide, high] = [Math.round(width * scale), Math.round(HEIGHT_PX * scale)];
  if (canvas.width !== wide || canvas.height !== high) Object.assign(canvas, { width: wide, height: high });
  const context = canvas.getContext("2d");
  context.setTransform(scale, 0, 0, scale, 0, 0);
  const palette = colours(canvas, context);
  context.fillStyle = palette.ground;
  context.fillRect(0, 0, width, HEIGHT_PX);
  context.font = FONT;
  context.textBaseline = "middle";
  drawRuler(context, shown, width, palette);
  drawBeats(context, shown, width, ROWS.beats, palette);
  drawWave(context, shown, width, palette);
  drawVoice(context, shown, width, ROWS.voice);
  drawHeard(context, shown, width, ROWS.heard, palette);
  drawReading(context, shown, palette);
  drawSections(context, shown, width, palette);
  drawSeen(context, shown, width);
  drawWindows(context, shown, width, palette);
  drawMarks(context, shown, width);
}
