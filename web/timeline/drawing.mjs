// Draws the timeline on a canvas: ruler, waveform, sections as asked and as seen, and the windows with their overlaps.
import { clockText } from "../time_text_model.mjs";
import { t } from "../words_model.mjs";
import { ticks, toPx } from "./zoom_model.mjs";

export const ROWS = { ruler: [0, 20], wave: [20, 84], blocks: [88, 168], seen: [170, 184], windows: [190, 226] };
export const HEIGHT_PX = 230;
const FONT = "12px Inter, system-ui, sans-serif";

function colours(element) {
  const style = getComputedStyle(element);
  const read = (name, otherwise) => style.getPropertyValue(name).trim() || otherwise;
  return {
    ground: read("--comfy-input-bg", "#222"),
    text: read("--input-text", "#ddd"),
    faint: read("--descrip-text", "#999"),
    line: read("--border-color", "#4e4e4e"),
  };
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
  for (let x = 0; x < width; x++) {
    const second = view.from + ((x + 0.5) / width) * (view.to - view.from);
    const column = Math.floor((second - peaks.from) / perColumn);
    if (column < 0 || column >= peaks.low.length) continue;
    const [low, high] = [peaks.low[column], peaks.high[column]];
    context.fillRect(x, middle - high * scale, 1, Math.max(1, (high - low) * scale));
  }
}

function drawSections(context, shown, width, palette) {
  const [top, bottom] = ROWS.blocks;
  for (const section of shown.sections) {
    const [x, end] = [section.from, section.to].map((second) => toPx(second, shown.view, width));
    if (end < 0 || x > width) continue;
    context.fillStyle = `hsl(${section.hue} 45% 32%)`;
    rounded(context, x + 1, top, end - x - 2, bottom - top);
    context.fill();
    const isChosen = section.index === shown.selected;
    if (isChosen || section.isLost) {
      context.strokeStyle = section.isLost ? "#ff6b6b" : "#ffffff";
      context.lineWidth = 2;
      context.stroke();
      context.lineWidth = 1;
    }
    context.save();
    context.clip();
    const left = Math.max(0, x) + 7;
    const room = Math.min(end, width) - left - 6;
    context.fillStyle = "#ffffffb0";
    context.fillText(section.isLost ? t`${clockText(section.from)}  never seen` : clockText(section.from), left, top + 10);
    context.fillStyle = "#ffffff";
    if (room > 24) wrapped(context, section.words, room, 4).forEach((line, row) => context.fillText(line, left, top + 27 + row * 15));
    context.restore();
  }
  for (const part of shown.seenParts) {
    const [x, end] = [part.from, part.to].map((second) => toPx(second, shown.view, width));
    if (end < 0 || x > width) continue;
    context.fillStyle = `hsl(${part.hue} 55% 50%)`;
    rounded(context, x + 1, ROWS.seen[0], end - x - 2, ROWS.seen[1] - ROWS.seen[0], 2);
    context.fill();
  }
  context.fillStyle = palette.faint;
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
    // The head repeats the window before: it is not seen.
    const shows = toPx(window.shows[0], view, width);
    context.fillStyle = "#ffffff30";
    rounded(context, shows, y, end - shows, 16, 3);
    context.fill();
    context.fillStyle = palette.text;
    if (end - shows > 16) context.fillText(String(window.index), Math.max(shows, 0) + 5, y + 9);
  }
  context.strokeStyle = "#ffffff55";
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
 * @param {{view, grid, peaks, reading: string, sections: {index, from, to, words, hue, isLost}[], seenParts: {from, to, hue}[], selected: number,
 *   playhead: number, loop: [number, number] | null, hint: {seconds, text} | null}} shown
 */
export function draw(canvas, shown) {
  const width = canvas.clientWidth;
  if (width === 0) return;
  const scale = Math.max(1.5, window.devicePixelRatio || 1);
  const [wide, high] = [Math.round(width * scale), Math.round(HEIGHT_PX * scale)];
  if (canvas.width !== wide || canvas.height !== high) Object.assign(canvas, { width: wide, height: high });
  const context = canvas.getContext("2d");
  context.setTransform(scale, 0, 0, scale, 0, 0);
  const palette = colours(canvas);
  context.fillStyle = palette.ground;
  context.fillRect(0, 0, width, HEIGHT_PX);
  context.font = FONT;
  context.textBaseline = "middle";
  drawRuler(context, shown, width, palette);
  drawWave(context, shown, width, palette);
  drawReading(context, shown, palette);
  drawSections(context, shown, width, palette);
  drawWindows(context, shown, width, palette);
  drawMarks(context, shown, width);
}
