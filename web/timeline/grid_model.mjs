// The windows of a plan as the timeline draws them, and when a change at any second is seen.
import { fractionOfNumber, toNumber } from "./fraction_model.mjs";
import { exactGrid, seenFrom, windowAt } from "./placement_model.mjs";
import { clockText } from "../time_text_model.mjs";
import { t } from "../words_model.mjs";

/**
 * @param {object} answer of the plan's route: `song_seconds`, `fps_exact`, `stride_px`, `overlap_px`, `windows`, ...
 * @returns {object} the answer with `exact` and `seen`: the second at which each window's new frames are seen
 */
export function gridOf(answer) {
  const exact = exactGrid(answer);
  const seen = Array.from({ length: exact.last + 1 }, (_, window) => toNumber(seenFrom(exact, window)));
  return { ...answer, exact, seen };
}

/** The second at which an entry asked for at `seconds` is seen if it is the only one; null behind the video's end. */
export function seenAt(seconds, grid) {
  const window = windowAt(fractionOfNumber(Math.max(0, seconds)), grid.exact, true);
  return window <= grid.exact.last ? grid.seen[window] : null;
}

/** The nearest second at which a change can be seen. */
export function snapTime(seconds, grid) {
  return grid.seen.reduce((best, each) => (Math.abs(each - seconds) <= Math.abs(best - seconds) ? each : best), 0);
}

/** What becomes of a change at `seconds`, in words: "seen at 0:37.80, 2.3 s late". */
export function latenessText(seconds, grid) {
  const seen = seenAt(seconds, grid);
  if (seen === null) return t`never seen: the video is over`;
  const late = Math.round((seen - seconds) * 10) / 10;
  if (late === 0) return t`seen at ${clockText(seen)}, as asked`;
  const off = Math.abs(late).toFixed(1);
  return late > 0 ? t`seen at ${clockText(seen)}, ${off} s late` : t`seen at ${clockText(seen)}, ${off} s early`;
}
