// Fills in %date:yyyy-MM-dd% and %Node.widget% in the name of the video, as the frontend does for ComfyUI's own savers: it
// keeps a list of their classes, and a pack's node is not in it.
import { app } from "../../scripts/app.js";
import { applyTextReplacements } from "../../scripts/utils.js";

app.registerExtension({
  name: "audio-loop.video_name",
  nodeCreated(node) {
    if (node.comfyClass !== "StreamingVideoSave") return;
    const prefix = node.widgets?.find((widget) => widget.name === "filename_prefix");
    if (prefix) prefix.serializeValue = () => applyTextReplacements(app, prefix.value);
  },
});
