// Words on nodes that stay when a render is over: a line of its own on the node, which nobody can edit.
import { app } from "../../scripts/app.js";
import { idOf, nodeAt, nodesWithin } from "./node_path_model.mjs";
import { whenRunHere } from "./queued_graph.mjs";
import { WORD_LABELS, oneLine, wordOf } from "./render_model.mjs";
import { translated } from "./words_model.mjs";

const WIDGET = "audio_loop_word";

export function addWord(node) {
  const label = WORD_LABELS[node.comfyClass];
  if (label === undefined) return;
  const widget = node.addWidget("text", WIDGET, "", () => {}, { serialize: false, read_only: true });
  // It holds no value of the workflow: it must not appear among the saved widget values or in the prompt.
  widget.serialize = false;
  widget.label = translated(label);
  widget.disabled = true;
  const onExecuted = node.onExecuted;
  node.onExecuted = function (output) {
    onExecuted?.call(this, output);
    const word = wordOf(output);
    if (word !== undefined) whenRunHere(() => setWord(this, word));
  };
}

export function setWord(node, text) {
  const widget = node?.widgets?.find((each) => each.name === WIDGET);
  if (widget === undefined) return;
  widget.word = text;
  show(node, widget);
}

/** What a node says behind its word for as long as it is at work. */
export function setDetail(node, text) {
  const widget = node?.widgets?.find((each) => each.name === WIDGET);
  if (widget === undefined) return;
  widget.detail = text;
  show(node, widget);
}

/** What a node says now. */
export function shownOn(node) {
  return node.widgets.find((each) => each.name === WIDGET).value;
}

function show(node, widget) {
  const { word = "", detail = "" } = widget;
  widget.value = oneLine([word, detail].join("\n"));
  widget.tooltip = [word, detail].filter((part) => part !== "").join("\n") || undefined;
  node.setDirtyCanvas?.(true, true);
}

const rootGraph = () => app.rootGraph ?? app.graph;

/** The node that an execution id such as "843:12" names, through subgraphs; undefined where the graph has none. */
export const nodeOf = (executionId) => nodeAt(rootGraph(), executionId);

/** The id of a node in the prompt; undefined once it is in no graph. */
export const executionIdOf = (node) => idOf(rootGraph(), node);

/** Every node of the graph with a word, by execution id. */
export function nodesWithWords(graph = rootGraph()) {
  return nodesWithin(graph).filter(([, node]) => node.widgets?.some((widget) => widget.name === WIDGET));
}
