// Which entry each window takes: `schedule/spans.py`, `window_grid.py` and `free_windows.py` for the browser.
import { absolute, add, ceil, compare, divide, fraction, fractionOf, multiply, subtract, ZERO } from "./fraction_model.mjs";

const TWO = fraction(2);
const before = (a, b) => compare(a, b) < 0;

/** The grid in exact seconds, from the numbers that the server gives. */
export function exactGrid({ fps_exact, stride_px, overlap_px, anchor_overlap_px, end_seconds, song_seconds, windows }) {
  const fps = fractionOf(fps_exact);
  const seconds = (px) => divide(fraction(px), fps);
  const last = typeof windows === "number" ? windows - 1 : windows.length - 1;
  const [overlap, anchorOverlap] = [seconds(overlap_px), seconds(anchor_overlap_px ?? overlap_px)];
  return { stride: seconds(stride_px), overlap, anchorOverlap, last, end: endOf(end_seconds ?? song_seconds) };
}

// The end is a whole number of samples or frames; a float is near enough to it, and the next sample is 10 µs away at most.
const endOf = (seconds) => fraction(BigInt(Math.round(seconds * 1e7)), 10_000_000n);

/** The second at which the new frames of a window are seen; even windows earlier if they are made first. */
export const seenFrom = (grid, window) =>
  window === 0 ? ZERO : add(multiply(fraction(window), grid.stride), window % 2 ? grid.overlap : grid.anchorOverlap);

/** The window at which an entry begins that is asked for at `seconds`; it may lie behind the last. */
export function windowAt(seconds, grid, snap) {
  const window = seenAt(seconds, grid, snap);
  return before(seconds, grid.end) ? window : Math.max(window, grid.last + 1);
}

function seenAt(seconds, grid, snap) {
  if (compare(seconds, ZERO) <= 0) return 0;
  let later = Math.max(1, ceil(divide(subtract(seconds, grid.overlap), grid.stride)));
  if (before(seenFrom(grid, later), seconds)) later++;
  const isNearer = !before(multiply(TWO, seconds), add(seenFrom(grid, later - 1), seenFrom(grid, later)));
  return isNearer || !snap ? later : later - 1;
}

/** Positions at which another span begins to count, as [position, index]; the first is 0. Positions are compared by `order`. */
function changes(spans, order, zero) {
  const positions = [zero, ...spans.flatMap((span) => (span.end === null ? [span.start] : [span.start, span.end]))].sort(order);
  const byStart = spans.map((_, index) => index).sort((a, b) => order(spans[a].start, spans[b].start) || a - b);
  let earliest = 0;
  spans.forEach((span, index) => {
    if (before(span.askedStart, spans[earliest].askedStart)) earliest = index;
  });
  const later = (a, b) => order(spans[a].end, spans[b].end) || compare(spans[a].askedEnd, spans[b].askedEnd) || a - b;
  const steps = [];
  let active = [];
  let endedLast = null;
  let begun = 0;
  for (const position of positions) {
    while (begun < byStart.length && order(spans[byStart[begun]].start, position) <= 0) {
      const index = byStart[begun++];
      active.push(index);
      if (spans[index].end !== null && (endedLast === null || later(index, endedLast) > 0)) endedLast = index;
    }
    active = active.filter((index) => spans[index].end === null || order(spans[index].end, position) > 0);
    const chosen = active.length > 0 ? Math.max(...active) : (endedLast ?? earliest);
    if (steps.length === 0 || steps[steps.length - 1][1] !== chosen) steps.push([position, chosen]);
  }
  return steps;
}

function entryAt(steps, window) {
  let found = steps[0][1];
  for (const [position, index] of steps) {
    if (position > window) break;
    found = index;
  }
  return found;
}

/** The entry that each window takes, by window. */
export function place(entries, grid, snap) {
  const exact = grid.exact;
  const asked = entries.map(({ start, end }) => ({ start, end, askedStart: start, askedEnd: end }));
  const spans = asked.map((span) => ({
    ...span,
    start: windowAt(span.start, exact, snap),
    end: span.end === null ? null : windowAt(span.end, exact, snap),
  }));
  const steps = changes(spans, (a, b) => a - b, 0);
  const taken = Array.from({ length: exact.last + 1 }, (_, window) => entryAt(steps, window));
  return snap ? withFreeWindows(taken, steps, changes(asked, compare, ZERO), exact) : taken;
}

/** Gives each entry that counts in the video but has no window the nearest free one. */
function withFreeWindows(taken, steps, exactSteps, grid) {
  const due = new Map();
  for (const [position, index] of exactSteps) if (before(position, grid.end) && !due.has(index)) due.set(index, position);
  const first = new Map();
  for (const [window, index] of steps) if (window <= grid.last && !first.has(index)) first.set(index, window);
  const order = (a, b) => compare(due.get(a), due.get(b)) || a - b;
  const lost = [...due.keys()].filter((index) => !first.has(index)).sort(order);
  const shown = [...first.keys()].filter((index) => due.has(index)).sort(order);
  const begins = new Set(first.values());
  const given = [...taken];
  for (const index of lost) {
    const next = shown.findIndex((other) => order(other, index) > 0);
    const cut = next < 0 ? shown.length : next;
    const low = cut > 0 ? first.get(shown[cut - 1]) + 1 : 0;
    const high = cut < shown.length ? first.get(shown[cut]) - 1 : grid.last;
    const window = nearestFree(grid, due.get(index), low, high, begins);
    if (window === undefined) continue;
    given[window] = index;
    first.set(index, window);
    begins.add(window);
    shown.splice(cut, 0, index);
  }
  return given;
}

function nearestFree(grid, asked, low, high, begins) {
  if (high < low) return undefined;
  const nearest = Math.max(low, Math.min(high, windowAt(asked, grid, true)));
  let [below, above] = [nearest, nearest];
  while (below >= low && begins.has(below)) below--;
  while (above <= high && begins.has(above)) above++;
  const found = [...(below >= low ? [below] : []), ...(above <= high && above !== below ? [above] : [])];
  const distance = (window) => absolute(subtract(seenFrom(grid, window), asked));
  return found.sort((a, b) => compare(distance(a), distance(b)) || b - a)[0];
}
