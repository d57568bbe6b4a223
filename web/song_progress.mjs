// Shows how far the whole song is: on the loop node, on the nodes that hold it, and in the title of the browser's tab.
import { api } from "../../scripts/api.js";
import { holderText, holdersOf, loopText, titlePrefix, withPrefix } from "./progress_model.mjs";
import { whenHere } from "./queued_graph.mjs";
import { nodeOf, nodesWithWords, shownOn, setDetail } from "./node_words.mjs";

const TEXT = Symbol("Audio Loop's progress");
let prefix = "";
let shown = { node: null, holders: [] };

function setTitle(next) {
  const title = withPrefix(document.title, prefix, next);
  prefix = next;
  if (document.title !== title) document.title = title;
}

// The frontend writes the title anew whenever its own progress moves.
function keepTitle() {
  new MutationObserver(() => {
    if (prefix && !document.title.startsWith(prefix)) document.title = prefix + document.title;
  }).observe(document.querySelector("title"), { childList: true });
}

/** A badge for a node that may hold a loop: empty until one inside it runs. */
export function addProgressBadge(node) {
  if (!node.isSubgraphNode?.()) return;
  node.badges.push(() => {
    // Nodes 2.0 asks again only if a value that was read here has changed.
    if (window.LiteGraph.vueNodesMode) for (const [, inside] of nodesWithWords(node.subgraph)) shownOn(inside);
    return new window.LGraphBadge({ text: node[TEXT] ?? "", fgColor: "#fff", bgColor: "#2d6a4f" });
  });
}

function setBadge(node, text) {
  if (node === undefined) return;
  node[TEXT] = text;
  node.setDirtyCanvas?.(true, true);
}

/** Shows a progress message of the open graph, or with null that nothing of it is running any more. */
export function showProgress(progress) {
  setTitle(titlePrefix(progress));
  showOnNodes(progress);
}

function showOnNodes(progress) {
  const node = progress?.node ?? null;
  if (shown.node !== node) {
    for (const id of shown.holders) setBadge(nodeOf(id), "");
    setDetail(nodeOf(shown.node), "");
  }
  shown = { node, holders: holdersOf(node) };
  if (node === null) return;
  for (const id of shown.holders) setBadge(nodeOf(id), holderText(progress));
  setDetail(nodeOf(node), loopText(progress));
}

export function followSong() {
  keepTitle();
  api.addEventListener("audio_loop.progress", ({ detail }) => {
    // The tab's title is about whatever runs, in whichever of its graphs.
    setTitle(titlePrefix(detail.progress));
    whenHere(detail.prompt_id, () => showOnNodes(detail.progress));
  });
}
