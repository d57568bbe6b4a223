// What a render shows: cleared when the next one begins, and shown again when the page was loaded again.
import { app } from "../../scripts/app.js";
import { api } from "../../scripts/api.js";
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
  api.dispatchCustomEvent("executed", message);
}

function onLoopBegins({ detail }) {
  for (const id of detail.nodes) {
    inLoops.add(id);
    clear(id);
  }
}

function onCached({ detail }) {
  const shown = nodesWithWords().map(([id]) => id);
  clearedAtStart(shown, inLoops, detail.nodes ?? []).forEach(clear);
}

export async function showAgain() {
  const id = (app.rootGraph ?? app.graph)?.id;
  if (!id) return;
  const response = await api.fetchApi(`${STATE_PATH}?workflow=${encodeURIComponent(id)}`);
  if (!response.ok) return;
  const { words, outputs, progress } = await response.json();
  if ((app.rootGraph ?? app.graph)?.id !== id) return;
  for (const message of outputs) if (nodeOf(message.display_node) !== undefined) showOutput(message);
  for (const [node, text] of Object.entries(words)) setWord(nodeOf(node), text);
  showProgress(progress);
}

export function followRenders() {
  api.addEventListener("audio_loop.word", ({ detail }) => setWord(nodeOf(detail.node), detail.text));
  api.addEventListener("audio_loop.begin", onLoopBegins);
  api.addEventListener("execution_cached", onCached);
}
