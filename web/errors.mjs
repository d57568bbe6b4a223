// After an error of the pack: the message in a toast, and a mark on the node that the user has to edit.
import { app } from "../../scripts/app.js";
import { api } from "../../scripts/api.js";
import { whereToMend } from "./error_model.mjs";
import { nodeOf } from "./node_words.mjs";
import { say } from "./page_elements.mjs";
import { holdersOf } from "./progress_model.mjs";
import { whenHere } from "./queued_graph.mjs";
import { showLine } from "./text_lines.mjs";
import { t } from "./words_model.mjs";

const FADES_MS = 30000;
const CATEGORY = "Audio Loop";
let marked = [];

function mark(node, isMarked) {
  node.has_errors = isMarked;
  node.setDirtyCanvas?.(true, true);
}

function clear() {
  for (const node of marked) mark(node, false);
  marked = [];
}

function isOfPack(nodeType) {
  const { category } = window.LiteGraph.registered_node_types[nodeType]?.nodeData ?? {};
  return category?.split("/")[0] === CATEGORY;
}

/** An error of a graph that is not open: there is no node to mark. */
function tellOnly({ node_type: type, exception_message: message }) {
  if (isOfPack(type)) say({ severity: "error", summary: CATEGORY, detail: String(message).trim(), life: FADES_MS });
}

async function onError(detail) {
  clear();
  const { output: prompt } = await app.graphToPrompt();
  const { node: id, line, message } = whereToMend(detail, prompt);
  if (!isOfPack(detail.node_type)) return;
  const node = nodeOf(id);
  const title = node?.getTitle?.() ?? node?.title;
  const place = line === null ? title : t`${title}, line ${line}`;
  const where = title ? place : CATEGORY;
  say({ severity: "error", summary: where, detail: message, life: FADES_MS });
  if (node === undefined) return;
  marked = [node, ...holdersOf(id).map(nodeOf)].filter(Boolean);
  for (const each of marked) mark(each, true);
  if (line !== null) showLine(node, line);
}

export function followErrors() {
  api.addEventListener("execution_start", ({ detail }) => whenHere(detail.prompt_id, clear));
  api.addEventListener("execution_error", ({ detail }) => {
    const shown = whenHere(detail.prompt_id, () => onError(detail), () => tellOnly(detail));
    shown.catch((error) => console.warn("Audio Loop: the node at fault is not to be found", error));
  });
}
