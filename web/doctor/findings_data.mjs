// Asks the server what the doctor found in the video of a song: the newest one, or the one that a node of this graph has examined.
import { app } from "../../../scripts/app.js";
import { api } from "../../../scripts/api.js";
import { nodesWithin } from "../node_path_model.mjs";
import { t } from "../words_model.mjs";
import { dataOf, foldersOf } from "./findings_model.mjs";

const PATH = "/audio_loop/doctor/findings";
const NODE = "LoopDoctor";
const examined = new WeakMap();
const followers = new Set();

/** Address of a report, which is a page of its own. */
export const reportUrl = (name) => api.apiURL(`/audio_loop/doctor/report?${new URLSearchParams({ name })}`);

/** A node has examined a video: whoever follows asks again. */
export function noteExamined(node, output) {
  const file = dataOf(output);
  if (file === null) return;
  examined.set(node, file.data);
  for (const follow of followers) follow();
}

/** The diagnosis that a node of the graph told of last; undefined if none has. */
function toldHere() {
  const doctors = nodesWithin(app.rootGraph ?? app.graph).map(([, node]) => node).filter((node) => node.comfyClass === NODE);
  return doctors.map((node) => examined.get(node)).filter(Boolean).sort().pop();
}

async function answered(query) {
  const response = await api.fetchApi(`${PATH}?${new URLSearchParams(query)}`);
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error ?? t`ComfyUI answered ${response.status}`);
  return answer.found;
}

async function ask(song) {
  const told = toldHere();
  if (told !== undefined) {
    const found = await answered([["data", told]]).catch(() => null);
    if (found !== null && (found.origin.song ?? song) === song) return found;
  }
  const { output } = await app.graphToPrompt();
  const folders = foldersOf(output);
  return folders.length > 0 ? answered([["song", song], ...folders.map((each) => ["folder", each])]) : null;
}

/**
 * Follows what was found in the videos of a song; `onFound` is called with it, or with null.
 *
 * @returns {{setSong: (name: string | undefined) => void, end: () => void}}
 */
export function followFindings(onFound) {
  let [song, asked] = [undefined, 0];
  async function look() {
    const mine = ++asked;
    const found = song === undefined ? null : await ask(song).catch(() => null);
    if (mine === asked) onFound(found);
  }
  followers.add(look);
  return {
    setSong(name) {
      if (name === song) return;
      song = name;
      look();
    },
    end() {
      asked++;
      followers.delete(look);
    },
  };
}
