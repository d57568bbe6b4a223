// Asks the server for plan and peaks of what the graph says now: if that changed, until a long song is read whole, and again if
// the server was busy.
import { app } from "../../../scripts/app.js";
import { api } from "../../../scripts/api.js";
import { executionIdOf } from "../node_words.mjs";
import { ask } from "./ask_route.mjs";
import { isPassing, pauseMs, readingWords } from "./asking_model.mjs";
import { gridOf } from "./grid_model.mjs";
import { isWired, readSettings } from "./prompt_reading_model.mjs";

const COLUMNS = 8192;
const LOOK_MS = 150;
const WATCH_MS = 500;
const NOTHING = { grid: null, peaks: null, song: null, query: null, wired: false, says: "", reading: "" };

/** What all nodes hold. No event tells that an upload put another file into one, or that a script set a value. */
function valuesNow(root = app.rootGraph ?? app.graph) {
  const nodes = [root, ...(root?.subgraphs?.values() ?? [])].flatMap((level) => level?.nodes ?? []);
  return nodes.flatMap((node) => (node.widgets ?? []).map((widget) => widget.value)).join("\n");
}

/** Columns of the song as it is cut: seconds count from the cut. */
function peaksOf({ low, high, from_seconds: from, to_seconds: to }, cut) {
  const loudest = low.reduce((most, each, column) => Math.max(most, -each, high[column]), 1);
  return { low, high, loudest, from: from - cut, to: to - cut };
}

/**
 * Follows the graph around a node; `onChange({grid, peaks, song, query, wired, says, reading})` is called when something else is
 * known. `query` are the planner's settings and the song, `says` is what is amiss, `reading` what is awaited.
 *
 * @param {(prompt: object, id: string) => string[] | null} picturesOf names the pictures that the node chooses from, told as `pictures`
 */
export function followSong(node, onChange, picturesOf = () => null) {
  let [asked, tried, tries, waiting, wholePeaks, isOver] = ["", "", 0, 0, "", false];
  const known = { ...NOTHING, pictures: null };
  const tell = (changes) => onChange(Object.assign(known, changes));

  async function look() {
    const id = executionIdOf(node);
    if (id === undefined) return;
    const { output } = await app.graphToPrompt();
    if (isOver) return;
    const settings = readSettings(output, id);
    const wired = isWired(output, id);
    const pictures = picturesOf(output, id);
    const question = JSON.stringify([settings, wired, pictures]);
    if (question === asked) return;
    if (question !== tried) tries = 0;
    asked = tried = question;
    known.pictures = pictures;
    const isCurrent = () => question === asked && !isOver;
    if (settings.missing) return tell({ ...NOTHING, wired, says: settings.missing });
    try {
      await answer(settings, wired, isCurrent);
    } catch (error) {
      if (!isCurrent()) return;
      wholePeaks = "";
      tell({ ...NOTHING, song: settings.song, wired, says: error.message });
      if (isPassing(error, tries)) again();
    }
  }

  async function answer({ query, song }, wired, isCurrent) {
    const name = JSON.stringify(song);
    if (JSON.stringify(known.song) !== name) tell({ peaks: null, song, query: null, wired, says: "", reading: readingWords(true, false) });
    const plan = await ask("plan", query);
    if (!isCurrent()) return;
    tell({ grid: gridOf(plan), song, query, wired, says: "", reading: readingWords(known.peaks === null, plan.sampled) });
    let isSampled = plan.sampled;
    if (name !== wholePeaks) {
      const peaks = await ask("peaks", { audio: song.name, columns: COLUMNS });
      if (!isCurrent()) return;
      isSampled ||= peaks.sampled;
      wholePeaks = peaks.sampled ? "" : name;
      tell({ peaks: peaksOf(peaks, Math.max(0, song.start ?? 0)) });
    }
    tell({ reading: readingWords(false, isSampled) });
    if (isSampled) again();
    else tries = 0;
  }

  function lookIn(pause) {
    clearTimeout(waiting);
    waiting = setTimeout(() => look().catch((error) => tell({ says: error.message })), pause);
  }

  function again() {
    asked = "";
    lookIn(pauseMs(tries++));
  }

  const soon = () => lookIn(LOOK_MS);
  let values = valuesNow();
  const watch = setInterval(() => {
    const now = valuesNow();
    if (now === values) return;
    values = now;
    soon();
  }, WATCH_MS);
  api.addEventListener("graphChanged", soon);
  soon();
  return () => {
    isOver = true;
    clearInterval(watch);
    clearTimeout(waiting);
    api.removeEventListener("graphChanged", soon);
  };
}
