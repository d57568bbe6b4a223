// Asks the server for plan and peaks of what the graph says now, and only if that changed.
import { app } from "../../../scripts/app.js";
import { api } from "../../../scripts/api.js";
import { executionIdOf } from "../node_words.mjs";
import { gridOf } from "./grid_model.mjs";
import { isWired, readSettings } from "./prompt_reading_model.mjs";

const COLUMNS = 8192;

async function ask(path, query) {
  const response = await api.fetchApi(`/audio_loop/timeline/${path}?${new URLSearchParams(query)}`);
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error ?? `ComfyUI answered ${response.status}`);
  return answer;
}

/** Follows the graph around a node; `onChange({grid, peaks, song, wired, says})` is called when something else is known. */
export function followSong(node, onChange) {
  let [asked, waiting, peaksOf] = ["", 0, ""];
  const known = { grid: null, peaks: null, song: null, wired: false, says: "" };
  const tell = (changes) => onChange(Object.assign(known, changes));

  async function look() {
    const id = executionIdOf(node);
    if (id === undefined) return;
    const { output } = await app.graphToPrompt();
    const settings = readSettings(output, id);
    const wired = isWired(output, id);
    const question = JSON.stringify([settings, wired]);
    if (question === asked) return;
    asked = question;
    if (settings.missing) return tell({ grid: null, peaks: null, song: null, wired, says: settings.missing });
    const { query, song } = settings;
    try {
      const grid = gridOf(await ask("plan", query));
      if (question === asked) tell({ grid, song, wired, says: "" });
    } catch (error) {
      if (question === asked) tell({ grid: null, peaks: null, song, wired, says: error.message });
      return;
    }
    await lookAtPeaks(song);
  }

  async function lookAtPeaks(song) {
    if (peaksOf === JSON.stringify(song)) return;
    peaksOf = JSON.stringify(song);
    try {
      const { low, high, from_seconds: from, to_seconds: to } = await ask("peaks", { audio: song.name, columns: COLUMNS });
      const cut = Math.max(0, song.start ?? 0);
      const loudest = low.reduce((most, each, column) => Math.max(most, -each, high[column]), 1);
      if (peaksOf === JSON.stringify(song)) tell({ peaks: { low, high, loudest, from: from - cut, to: to - cut } });
    } catch (error) {
      peaksOf = "";
      tell({ peaks: null, says: error.message });
    }
  }

  function soon() {
    clearTimeout(waiting);
    waiting = setTimeout(() => look().catch((error) => tell({ says: error.message })), 150);
  }

  api.addEventListener("graphChanged", soon);
  soon();
  return () => {
    clearTimeout(waiting);
    api.removeEventListener("graphChanged", soon);
  };
}
