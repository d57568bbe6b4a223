// The button that checks what Run would queue: nothing is queued.
import { app } from "../../../scripts/app.js";
import { api } from "../../../scripts/api.js";
import { CHECKED_CLASSES } from "./check_model.mjs";
import { showCheck } from "./check_panel.mjs";

const PATH = "/audio_loop/preflight";

async function ask() {
  const { output } = await app.graphToPrompt();
  const response = await api.fetchApi(PATH, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ prompt: output }),
  });
  // ComfyUI's own refusals have no body.
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error ?? `ComfyUI answered ${response.status}`);
  return answer;
}

export async function checkGraph() {
  try {
    showCheck(await ask(), checkGraph);
  } catch (error) {
    app.extensionManager.toast.add({ summary: "Audio Loop", severity: "warn", detail: error.message, life: 8000 });
  }
}

/** Adds the button to any node; for a node of the pack that is its place, `addCheckButtonByClass` decides. */
export function addCheckButton(node) {
  const button = node.addWidget("button", "Check before Run", null, checkGraph);
  // A button holds no value: it must not appear among the saved widget values or in the prompt.
  button.serialize = false;
  button.options = { ...button.options, serialize: false };
}

export function addCheckButtonByClass(node) {
  if (CHECKED_CLASSES.has(node.comfyClass)) addCheckButton(node);
}
