// The button that opens a finished video in a tab of its own.
import { app } from "../../scripts/app.js";
import { api } from "../../scripts/api.js";
import { viewPath } from "./render_model.mjs";

const SAVER = "StreamingVideoSave";

export function addOpenButton(node) {
  if (node.comfyClass !== SAVER) return;
  let path = null;
  const button = node.addWidget("button", "Open the video", null, () => {
    if (path !== null) return void window.open(api.apiURL(path), "_blank", "noopener");
    const detail = "There is no video yet: press Run first.";
    app.extensionManager.toast.add({ severity: "info", summary: "Audio Loop", detail, life: 8000 });
  });
  // A button holds no value: it must not appear among the saved widget values or in the prompt.
  button.serialize = false;
  button.options = { ...button.options, serialize: false };
  const onExecuted = node.onExecuted;
  node.onExecuted = function (output) {
    onExecuted?.call(this, output);
    path = viewPath(output);
  };
}
