// The panel that shows a check beside the canvas; it stays open while nodes are mended.
import { app } from "../../../scripts/app.js";
import { wayTo } from "../node_path_model.mjs";
import { nodeOf } from "../node_words.mjs";
import { openGraph } from "../queued_graph.mjs";
import { element } from "../page_elements.mjs";
import { showLine } from "../text_lines.mjs";
import { banner, cards, planSentence, promptRows, windowRows } from "./check_model.mjs";
import { t } from "../words_model.mjs";

const CLASS = "audio-loop-check";
const STYLE = `
.${CLASS} { position: fixed; inset: 72px 24px auto auto; z-index: 1200; width: min(460px, 92vw); max-height: calc(100vh - 160px);
  margin: 0; padding: 0; overflow: auto; border: 1px solid var(--border-color, #555); border-radius: 8px;
  background: var(--comfy-menu-bg, #222); color: var(--fg-color, #ddd); font: 13px/1.45 sans-serif; }
.${CLASS} header { position: sticky; top: 0; display: flex; gap: 8px; align-items: center; padding: 10px 14px; background: inherit; }
.${CLASS} h2 { flex: 1; margin: 0; font-size: 15px; }
.${CLASS} h3 { margin: 12px 14px 4px; font-size: 13px; }
.${CLASS} p, .${CLASS} ul { margin: 2px 14px 8px; } .${CLASS} ul { padding-left: 16px; }
.${CLASS} article { margin: 8px 14px; padding: 8px 10px; border-left: 4px solid; border-radius: 4px; background: var(--comfy-input-bg, #333); }
.${CLASS} .ok { color: #5fd38d; } .${CLASS} .error { border-color: #ff6b6b; } .${CLASS} h2.error { color: #ff8a8a; }
.${CLASS} .warning { border-color: #f0b74a; } .${CLASS} h2.warning { color: #f0c674; } .${CLASS} .meant { border-color: #888; }
.${CLASS} article strong { display: block; overflow-wrap: anywhere; }
.${CLASS} dl { display: grid; grid-template-columns: auto 1fr; gap: 2px 10px; margin: 6px 0 0; } .${CLASS} dt { opacity: 0.7; }
.${CLASS} dd { margin: 0; overflow-wrap: anywhere; }
.${CLASS} button { border: 1px solid var(--border-color, #555); border-radius: 5px; color: inherit; font: inherit; cursor: pointer;
  background: var(--comfy-input-bg, #333); }
.${CLASS} button.node { margin-top: 6px; color: var(--p-primary-color, #6db3ff); text-align: left; }
.${CLASS} table { width: calc(100% - 28px); margin: 0 14px 8px; border-collapse: collapse; font-variant-numeric: tabular-nums; }
.${CLASS} th, .${CLASS} td { padding: 2px 10px 2px 0; text-align: left; vertical-align: top; } .${CLASS} th { opacity: 0.7; }
`;

/** Opens the graph that a node lies in, selects the node, brings it to the middle, and marks the line of its text. */
function showNode(executionId, line) {
  const node = nodeOf(executionId);
  if (node === undefined) return;
  const { canvas } = app;
  if (canvas.graph !== node.graph) canvas.setGraph(node.graph);
  // The view of the other graph is put in place first, and would undo this one.
  requestAnimationFrame(() => {
    canvas.deselectAll?.();
    canvas.selectNode(node);
    canvas.centerOnNode(node);
    if (line !== null) showLine(node, line);
  });
}

function finding({ kind, node, line, where, message, rows }) {
  const made = element("article", { className: kind }, [element("strong", { textContent: message })]);
  const found = node === null ? undefined : nodeOf(node);
  if (found === undefined) {
    made.append(element("span", { textContent: where }));
  } else {
    const way = `${wayTo(app.rootGraph ?? app.graph, node)} (${node})`;
    const place = line === null ? way : t`${way}, line ${line}`;
    const link = element("button", { type: "button", className: "node", textContent: place });
    link.title = t`Show this node`;
    link.addEventListener("click", () => showNode(node, line));
    made.append(link);
  }
  const list = rows.flatMap(([label, text]) => [element("dt", { textContent: label }), element("dd", { textContent: text })]);
  made.append(element("dl", {}, list));
  return made;
}

function table(heads, rows) {
  const line = (tag, texts) => element("tr", {}, texts.map((textContent) => element(tag, { textContent })));
  return element("table", {}, [line("th", heads), ...rows.map((row) => line("td", row))]);
}

function section(title, parts) {
  return parts.length > 0 ? [element("h3", { textContent: title }), ...parts] : [];
}

function listed(texts) {
  return texts.length > 0 ? [element("ul", {}, texts.map((textContent) => element("li", { textContent })))] : [];
}

function closeCheck() {
  document.querySelector(`dialog.${CLASS}`)?.remove();
}

/** Closes a check of another graph than the one that is open: its findings would lead to nodes that it is not about. */
export function closeCheckOfOther() {
  const graph = document.querySelector(`dialog.${CLASS}`)?.dataset.graph;
  if (graph !== undefined && graph !== openGraph()) closeCheck();
}

/** Shows the answer of the check's route, in place of the one before; `again` repeats the check. */
export function showCheck(answer, again) {
  closeCheck();
  const { kind, text } = banner(answer);
  const close = element("button", { type: "button", textContent: t`Close` });
  const repeat = element("button", { type: "button", textContent: t`Check again` });
  const windows = windowRows(answer);
  const sentence = planSentence(answer);
  const prompts = promptRows(answer);
  const dialog = element("dialog", { className: CLASS }, [
    element("style", { textContent: STYLE }),
    element("header", {}, [element("h2", { className: kind, textContent: text }), repeat, close]),
    ...cards(answer).map(finding),
    ...section(t`Prompts as they will be seen`, prompts.length > 0 ? [table([t`line`, t`asked`, t`seen`, t`prompt`], prompts)] : []),
    ...section(t`To expect`, listed(answer.expect)),
    ...section(t`Windows`, sentence === "" ? [] : [element("p", { textContent: sentence }), table(["", t`hears`, t`shows`], windows)]),
    ...section(t`Not looked at`, listed(answer.not_looked_at)),
  ]);
  dialog.setAttribute("aria-label", t`Check before Run`);
  close.addEventListener("click", () => dialog.remove());
  repeat.addEventListener("click", again);
  dialog.addEventListener("keydown", (event) => {
    // The canvas has its own answers to keys, such as Delete for the chosen node.
    event.stopPropagation();
    if (event.key === "Escape") dialog.remove();
  });
  dialog.dataset.graph = openGraph();
  document.body.append(dialog);
  dialog.show();
}
