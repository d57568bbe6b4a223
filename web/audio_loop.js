// Browser side of Audio Loop: a button that lets the loop end after its current iteration, and a word about where a
// loop was when it failed.
import { app } from "../../scripts/app.js";
import { api } from "../../scripts/api.js";

const STOP_PATH = "/audio_loop/stop_after_iteration";
const LOOP_NODE = "TensorLoopOpen";

function say(severity, summary, detail) {
  app.extensionManager.toast.add({ severity, summary, detail, life: severity === "error" ? undefined : 8000 });
}

async function stopAfterIteration() {
  const response = await api.fetchApi(STOP_PATH, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: "{}",
  });
  const answer = await response.json();
  if (!response.ok) {
    say("warn", "Audio Loop", answer.error);
    return;
  }
  const iterations = answer.stopping.map((loop) => loop.iteration).join(", ");
  say("info", "Audio Loop", `The loop ends after iteration ${iterations}; the video is made from what exists.`);
}

function addStopButton(node) {
  const button = node.addWidget("button", "Stop after this iteration", null, stopAfterIteration);
  // A button holds no value: it must not appear among the saved widget values or in the prompt.
  button.serialize = false;
  button.options = { ...button.options, serialize: false };
}

function sayWhereItStopped({ detail }) {
  const of = detail.of ? ` of ${detail.of}` : "";
  say("error", "Audio Loop", `The loop ended early, in iteration ${detail.iteration}${of}. Windows finished before are kept.`);
}

app.registerExtension({
  name: "audio_loop.loop",
  nodeCreated(node) {
    if (node.comfyClass === LOOP_NODE) addStopButton(node);
  },
  setup() {
    api.addEventListener("audio_loop.unfinished", sayWhereItStopped);
  },
});
