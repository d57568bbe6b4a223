// Which part of the song is in view, and where its seconds lie in pixels.

const SHORTEST_VIEW_SECONDS = 2;
const TICKS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600];

export const wholeSong = (songSeconds) => ({ from: 0, to: songSeconds });
export const toPx = (seconds, view, width) => ((seconds - view.from) / (view.to - view.from)) * width;
export const toSeconds = (px, view, width) => view.from + (px / width) * (view.to - view.from);

function inside(from, length, songSeconds) {
  const kept = Math.min(length, songSeconds);
  const start = Math.min(Math.max(0, from), songSeconds - kept);
  return { from: start, to: start + kept };
}

/** The view enlarged by `factor` (above 1: less of the song is seen) around a second, which stays at its place. */
export function zoomed(view, factor, around, songSeconds) {
  const length = Math.max(Math.min(SHORTEST_VIEW_SECONDS, songSeconds), (view.to - view.from) / factor);
  const share = (around - view.from) / (view.to - view.from);
  return inside(around - share * length, length, songSeconds);
}

/** The view moved by some seconds, within the song. */
export const scrolled = (view, seconds, songSeconds) => inside(view.from + seconds, view.to - view.from, songSeconds);

/** Seconds of the ruler's marks, at least `apartPx` pixels apart. */
export function ticks(view, width, apartPx = 70) {
  const perPx = (view.to - view.from) / width;
  const step = TICKS.find((each) => each / perPx >= apartPx) ?? TICKS[TICKS.length - 1];
  const first = Math.ceil(view.from / step - 1e-9);
  const count = Math.floor(view.to / step + 1e-9) - first + 1;
  return Array.from({ length: Math.max(0, count) }, (_, number) => Number(((first + number) * step).toFixed(3)));
}
