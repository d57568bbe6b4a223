// Which graph a render was queued from: what comes of one is shown on no other graph, even if its nodes have the same ids.
import { app } from "../../scripts/app.js";
import { api } from "../../scripts/api.js";
import { QueuedTabs } from "./queued_tabs_model.mjs";

const STATE_PATH = "/audio_loop/state";
const MOST_KNOWN = 50;
const graphs = new Map();
const tabs = new QueuedTabs();
let running = "";

async function askGraph(promptId) {
  const response = await api.fetchApi(`${STATE_PATH}?prompt=${encodeURIComponent(promptId)}`);
  return response.ok ? (await response.json()).workflow : "";
}

function graphOf(promptId) {
  if (!graphs.has(promptId)) {
    graphs.set(promptId, askGraph(promptId).catch(() => ""));
    if (graphs.size > MOST_KNOWN) graphs.delete(graphs.keys().next().value);
  }
  return graphs.get(promptId);
}

// A template that is opened twice has one id in both of its tabs.
const openTab = () => app.extensionManager?.workflow?.activeWorkflow;

/** The id of the graph that is open. */
export const openGraph = () => (app.rootGraph ?? app.graph)?.id ?? "";

/** Whether a render is known to have been queued from a tab that is not open. */
export function isOfOtherTab(promptId) {
  const tab = tabs.of(promptId);
  return tab !== undefined && tab !== openTab();
}

function isHere(promptId, graph) {
  return (graph === "" || graph === openGraph()) && !isOfOtherTab(promptId);
}

/**
 * Calls back if the open graph is the one that a render was queued from: at once if no render is named, else as soon as that is
 * known, in the order of asking. A render of no known graph counts as one of any.
 */
export async function whenHere(promptId, call, elsewhere = () => {}) {
  if (!promptId) return call();
  const graph = await graphOf(promptId);
  return isHere(promptId, graph) ? call() : elsewhere();
}

/** As `whenHere` with the render that runs: for what ComfyUI tells nodes without saying of which render. */
export const whenRunHere = (call) => whenHere(running, call);

/** Sends a message of ComfyUI's to the page, about the open graph and no render. */
export function sendHere(event, message) {
  const before = running;
  running = "";
  try {
    api.dispatchCustomEvent(event, message);
  } finally {
    running = before;
  }
}

export function followQueue() {
  api.addEventListener("promptQueued", ({ detail }) => tabs.queued(openTab(), detail?.batchCount ?? 1));
  api.addEventListener("status", ({ detail }) => {
    if (detail?.exec_info?.queue_remaining === 0) tabs.idle();
  });
  api.addEventListener("execution_start", ({ detail }) => {
    running = detail.prompt_id;
    tabs.started(running, openTab());
    graphOf(running);
  });
}
