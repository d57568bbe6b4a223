// The retake workflow filled in for a part that the doctor found: pure functions, tested by `node --test`.

/** A part is at least so long: less than a second is hardly seen to change. */
const SHORTEST_SECONDS = 2;
/** Of a window, what may be made again at once: the rest is context. */
const LONGEST_SHARE = 0.8;
const LONGEST_SECONDS = 15;
const SEEDS = 2 ** 32;

const round = (seconds) => Math.round(seconds * 100) / 100;

/**
 * The part that is made again for a stretch: its seconds, around it if it is short; the window that it lies in if it is too long.
 *
 * @param {{start_seconds: number, end_seconds: number, window?: number | null}} stretch
 * @param {{duration_seconds?: number, window_seconds?: number}} origin
 */
export function partOf({ start_seconds: start, end_seconds: end, window }, { duration_seconds: duration = end, window_seconds: long }) {
  const most = long ? long * LONGEST_SHARE : LONGEST_SECONDS;
  if (end - start > most) {
    if (Number.isInteger(window)) return { window, start_seconds: 0, end_seconds: 0 };
    return { window: -1, start_seconds: round(start), end_seconds: round(start + most) };
  }
  const length = Math.min(Math.max(end - start, SHORTEST_SECONDS), duration);
  const from = Math.min(Math.max(0, (start + end - length) / 2), duration - length);
  return { window: -1, start_seconds: round(from), end_seconds: round(from + length) };
}

/**
 * Widgets of the retake workflow by the class of their node, "" for those that stand on a subgraph's node. A value that the
 * diagnosis does not know is not there.
 *
 * @param {number} random from 0 to 1, for the seed
 */
export function retakeValues(stretch, origin, random) {
  const known = (entries) => Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined && value !== null && value !== ""));
  return {
    LoadLoopCheckpoint: known({ run_name: origin.run }),
    LoadAudio: known({ audio: origin.song }),
    LoadImage: known({ image: origin.picture }),
    TrimAudioDuration: known({ start_index: origin.song_start_seconds, duration: origin.song_duration_seconds }),
    "": { ...partOf(stretch, origin), prompt: "", seed: Math.floor(random * SEEDS) },
  };
}

/** The workflow with the files and the run in its nodes: their first widgets. One that is loaded without them asks for files that nobody has. */
export function filledIn(workflow, values) {
  const filled = ({ type, widgets_values: held, ...node }) => {
    const [first] = Object.values(values[type] ?? {});
    const has = first !== undefined && ["LoadLoopCheckpoint", "LoadAudio", "LoadImage"].includes(type) && Array.isArray(held);
    return { ...node, type, ...(held === undefined ? {} : { widgets_values: has ? [first, ...held.slice(1)] : held }) };
  };
  return { ...workflow, nodes: workflow.nodes.map(filled) };
}

/** Name of the folder that the pack is installed in, out of the address of one of its files. */
export const packOf = (url) => decodeURIComponent(/\/extensions\/([^/]+)\//.exec(new URL(url).pathname)?.[1] ?? "");
