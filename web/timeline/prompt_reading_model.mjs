// What the timeline needs of the graph, out of the prompt that Run would queue: subgraphs and bypassed nodes are resolved there.
import { t } from "../words_model.mjs";

const STEPS = 100;
const LONGEST_SECONDS = 12 * 3600;
/** Nodes that give one of their values on, and its name. */
const GIVES = { AudioLoopPrompts: "schedule", AudioLoopKeyframes: "schedule" };
const NAMES = ["window_seconds", "overlap_seconds", "fps", "last_window", "max_iterations", "order"];
/** Inputs that graphs of before do not have. */
const ADDED = new Set(["order"]);

/** The value of an input: a literal, or what value nodes in front of it hold; undefined if it is computed only by Run. */
export function valueOf(prompt, value) {
  for (let step = 0; Array.isArray(value) && step < STEPS; step++) {
    const { class_type: type, inputs = {} } = prompt[value[0]] ?? {};
    value = type?.startsWith("Primitive") || type?.endsWith("Constant") ? inputs.value : inputs[GIVES[type]];
  }
  return Array.isArray(value) ? undefined : value;
}

/** Whether an input is fed by a node, through others that hand a text on. */
export function comesFrom(prompt, value, id) {
  for (let step = 0; Array.isArray(value) && step < STEPS; step++) {
    if (String(value[0]) === id) return true;
    const inputs = Object.values(prompt[value[0]]?.inputs ?? {}).filter(Array.isArray);
    value = inputs.length === 1 ? inputs[0] : undefined;
  }
  return false;
}

/** The planner that gets the schedule, or that plans for a node that gets it, else the only one. */
function plannerOf(prompt, id) {
  const isPlanner = (node) => node?.class_type === "AudioLoopPlanner";
  const nodes = Object.values(prompt);
  const fed = nodes.filter((node) => comesFrom(prompt, node.inputs?.schedule, id));
  const found = fed.find(isPlanner) ?? fed.map((node) => prompt[node.inputs.plan?.[0]]).find(isPlanner);
  if (found) return found;
  const planners = nodes.filter(isPlanner);
  return planners.length === 1 ? planners[0] : undefined;
}

/** The song that an input gets: Load Audio's file and how it is cut; undefined if another node makes it. */
function songOf(prompt, value) {
  let cut = {};
  for (let step = 0; Array.isArray(value) && step < STEPS; step++) {
    const { class_type: type, inputs = {} } = prompt[value[0]] ?? {};
    if (type === "LoadAudio") return typeof inputs.audio === "string" && inputs.audio ? { name: inputs.audio, ...cut } : undefined;
    if (type !== "TrimAudioDuration" || cut.start !== undefined) return undefined;
    const [start, duration] = [valueOf(prompt, inputs.start_index), valueOf(prompt, inputs.duration)];
    if (typeof start !== "number" || typeof duration !== "number") return undefined;
    cut = { start, duration };
    value = inputs.audio;
  }
  return undefined;
}

/**
 * @param {object} prompt the API prompt
 * @param {string} id of the prompts node in it
 * @returns {{query: Record<string, string>, song: {name: string, start?: number, duration?: number}} | {missing: string}} what to ask
 *   the plan's route, or why there is nothing to ask
 */
export function readSettings(prompt, id) {
  if (prompt[id] === undefined) return { missing: t`This node is bypassed or muted: Run does not use it.` };
  const planner = plannerOf(prompt, id);
  if (planner === undefined) return { missing: t`Wire schedule to an Audio Loop Planner: the windows of its plan appear here.` };
  const song = songOf(prompt, planner.inputs.audio);
  if (song === undefined) return { missing: t`Choose a song in Load Audio: its waveform and the windows appear here.` };
  const query = { audio: song.name };
  if (song.start !== undefined) query.start_seconds = String(song.start);
  // Longer than any song: all that follows.
  if (song.duration < LONGEST_SECONDS) query.duration_seconds = String(song.duration);
  for (const name of NAMES) {
    if (ADDED.has(name) && planner.inputs[name] === undefined) continue;
    const value = valueOf(prompt, planner.inputs[name]);
    if (value === undefined) return { missing: t`${name} of the planner is computed by another node: its windows are known only after Run.` };
    query[name] = String(value);
  }
  return { query, song };
}

/** Whether the schedule is wired, so that its text is not this node's to edit. */
export const isWired = (prompt, id) => Array.isArray(prompt[id]?.inputs?.schedule);

/** Address of a file as ComfyUI's own players ask for it. */
export function viewPath(name) {
  const [, path, type = "input"] = /^(.*?)(?: \[(input|output|temp)\])?$/.exec(name);
  const cut = path.lastIndexOf("/");
  const query = new URLSearchParams({ filename: path.slice(cut + 1), type, subfolder: cut < 0 ? "" : path.slice(0, cut) });
  return `/view?${query}`;
}
