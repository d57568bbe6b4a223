// The button that checks what Run would queue: nothing is queued.
import { app } from "../../../scripts/app.js";
import { api } from "../../../scripts/api.js";
import { addNodeButton, say } from "../page_elements.mjs";
import { english, t } from "../words_model.mjs";
import { CHECKED_CLASSES } from "./check_model.mjs";
import { showCheck } from "./check_panel.mjs";

const PATH = "/audio_loop/preflight";

/** The button's name. */
export const CHECK_BUTTON = english`Check before Run`;

async function ask() {
  const { output } = await app.graphToPrompt();
  const response = await api.fetchApi(PATH, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ prompt: output }),
  });
  // ComfyUI's own refusals have no body.
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error ?? t`ComfyUI answered ${response.status}`);
  return answer;
}

export async function checkGraph() {
  try {
    showCheck(await ask(), checkGraph);
  } catch (error) {
    say({ severity: "warn", detail: error.message });
  }
}

/** Adds the button to any node; for a node of the pack that is its place, `addCheckButtonByClass` decides. */
export function addCheckButton(node) {
  addNodeButton(node, CHECK_BUTTON, checkGraph);
}

export function addCheckButtonByClass(node) {
  if (CHECKED_CLASSES.has(node.comfyClass)) addCheckButton(node);
}
