// Opens the retake workflow in a tab of its own, filled in; what is open stays open.
import { app } from "../../../scripts/app.js";
import { api } from "../../../scripts/api.js";
import { nodesWithin } from "../node_path_model.mjs";
import { say } from "../page_elements.mjs";
import { t } from "../words_model.mjs";
import { filledIn, packOf, retakeValues } from "./retake_model.mjs";

const NAME = "audio-loop-music-video_retake";

async function workflow() {
  const response = await api.fetchApi(`/workflow_templates/${encodeURIComponent(packOf(import.meta.url))}/${NAME}.json`);
  if (!response.ok) throw new Error(t`The retake workflow cannot be loaded: ComfyUI answered ${response.status}`);
  return response.json();
}

function set(node, values) {
  for (const [name, value] of Object.entries(values)) {
    const widget = node.widgets?.find((each) => each.name === name);
    if (widget === undefined) continue;
    widget.value = value;
    widget.callback?.(value);
  }
}

/** Puts the other values into the graph that is open. */
function fill(values) {
  const root = app.rootGraph ?? app.graph;
  for (const [, node] of nodesWithin(root)) if (node.comfyClass === "TrimAudioDuration") set(node, values.TrimAudioDuration);
  for (const node of root.nodes) if (node.subgraph) set(node, values[""]);
  app.canvas.setDirty(true, true);
  const tracker = app.extensionManager?.workflow?.activeWorkflow?.changeTracker;
  (tracker?.captureCanvasState ?? tracker?.checkState)?.call(tracker);
}

/** Opens it for a stretch of a video that the doctor has examined. */
export async function openRetake(stretch, origin) {
  try {
    const values = retakeValues(stretch, origin, Math.random());
    await app.loadGraphData(filledIn(await workflow(), values), true, true, NAME, { openSource: "template" });
    fill(values);
    if (!origin.run) say({ severity: "warn", detail: t`It is not known which run the video is of: choose it in ① Run.` });
  } catch (error) {
    say({ severity: "error", detail: error.message });
  }
}
