// The button that opens a finished video in a tab of its own.
import { api } from "../../scripts/api.js";
import { addNodeButton, say } from "./page_elements.mjs";
import { whenRunHere } from "./queued_graph.mjs";
import { viewPath } from "./render_model.mjs";
import { english, t } from "./words_model.mjs";

const SAVER = "StreamingVideoSave";

export function addOpenButton(node) {
  if (node.comfyClass !== SAVER) return;
  let path = null;
  addNodeButton(node, english`Open the video`, () => {
    if (path !== null) return void window.open(api.apiURL(path), "_blank", "noopener");
    say({ severity: "info", detail: t`There is no video yet: press Run first.` });
  });
  const onExecuted = node.onExecuted;
  node.onExecuted = function (output) {
    onExecuted?.call(this, output);
    whenRunHere(() => {
      path = viewPath(output);
    });
  };
}
