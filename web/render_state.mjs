// What a render shows: cleared when the next one begins, and shown again when the page was loaded again.
import { api } from "../../scripts/api.js";
import { isOfOtherTab, openGraph, sendHere, whenHere } from "./queued_graph.mjs";
import { WORD_LABELS, clearedAtStart } from "./render_model.mjs";
import { showProgress } from "./song_progress.mjs";
import { nodeOf, nodesWithWords, setWord } from "./node_words.mjs";

const STATE_PATH = "/audio_loop/state";
const inLoops = new Set();

function clear(executionId) {
  const node = nodeOf(executionId);
  if (node === undefined) return;
  setWord(node, "");
  if (!(node.comfyClass in WORD_LABELS) && !node.constructor.nodeData?.output_node) return;
  // The frontend takes this as any message about a node that ran; it is how pictures come and go in every renderer.
  showOutput({ node: executionId, display_node: executionId, output: { images: [] } });
  node.imgs = undefined;
  node.setDirtyCanvas?.(true, true);
}

function showOutput(message) {
  sendHere("executed", message);
}

function onLoopBegins(detail) {
  for (const id of detail.nodes) {
    inLoops.add(id);
    clear(id);
  }
}

function onCached(detail) {
  const shown = nodesWithWords().map(([id]) => id);
  clearedAtStart(shown, inLoops, detail.nodes ?? []).forEach(clear);
}

export async function showAgain() {
  const id = openGraph();
  if (!id) return;
  const response = await api.fetchApi(`${STATE_PATH}?workflow=${encodeURIComponent(id)}`);
  if (!response.ok) return;
  const { prompt_id: promptId, words, outputs, progress } = await response.json();
  if (openGraph() !== id || isOfOtherTab(promptId)) return;
  for (const message of outputs) if (nodeOf(message.display_node) !== undefined) showOutput(message);
  for (const [node, text] of Object.entries(words)) setWord(nodeOf(node), text);
  showProgress(progress);
}

export function followRenders() {
  const onRender = (event, show) => api.addEventListener(event, ({ detail }) => whenHere(detail.prompt_id, () => show(detail)));
  onRender("audio_loop.word", ({ node, text }) => setWord(nodeOf(node), text));
  onRender("audio_loop.begin", onLoopBegins);
  onRender("execution_cached", onCached);
}
