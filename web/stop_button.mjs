// The button that lets a render end after the window it is at, and a word about a loop that ended early.
import { app } from "../../scripts/app.js";
import { api } from "../../scripts/api.js";
import { CHECK_BUTTON, addCheckButton } from "./check/check_button.mjs";
import { CHECKED_CLASSES } from "./check/check_model.mjs";
import { addReportButtonToTheFront } from "./doctor/doctor_node.mjs";
import { holds } from "./loop_places.mjs";
import { addNodeButton, say } from "./page_elements.mjs";
import { addChoiceButtonsToTheFront } from "./run_choice/choice_buttons.mjs";
import { endMessage, stopMessage } from "./render_model.mjs";
import { english, t } from "./words_model.mjs";

const STOP_PATH = "/audio_loop/stop_after_iteration";
const LOOP_NODE = "TensorLoopOpen";
const NAME = english`Stop after this iteration`;
const cancelled = new Set();

async function stopAfterIteration() {
  const response = await api.fetchApi(STOP_PATH, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: "{}",
  });
  // ComfyUI's own refusals have no body.
  say(stopMessage(response.ok, await response.json().catch(() => ({ error: t`ComfyUI answered ${response.status}` }))));
}

export function addStopButton(node) {
  if (node.comfyClass === LOOP_NODE) addButton(node);
  // A subgraph's node is created before it stands in a graph, and before what is in it is there.
  else if (node.subgraph) setTimeout(addButtonsToTheFront);
}

/** Buttons of what lies inside, on the nodes of the top level: nobody has to look for them there. */
export function addButtonsToTheFront() {
  for (const node of (app.rootGraph ?? app.graph)?.nodes ?? []) {
    if (!node.subgraph) continue;
    if (holds(node, LOOP_NODE)) addButton(node);
    addChoiceButtonsToTheFront(node);
    addReportButtonToTheFront(node);
    if ([...CHECKED_CLASSES].some((each) => holds(node, each)) && !has(node, CHECK_BUTTON)) {
      addCheckButton(node);
    }
  }
}

function has(node, name) {
  return node.widgets?.some((widget) => widget.name === name);
}

function addButton(node) {
  if (has(node, NAME)) return;
  addNodeButton(node, NAME, stopAfterIteration);
}

export function followEnds() {
  // ComfyUI says that a render was cancelled before the pack says where its loop was.
  api.addEventListener("execution_interrupted", ({ detail }) => cancelled.add(detail.prompt_id));
  api.addEventListener("audio_loop.unfinished", ({ detail }) => say(endMessage(detail, cancelled.has(detail.prompt_id))));
}
