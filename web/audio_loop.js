// Browser side of Audio Loop: a stop button, a check before Run, words that stay on the nodes, and what a render has shown after a reload.
import { app } from "../../scripts/app.js";
import { followErrors } from "./errors.mjs";
import { addDoctor } from "./doctor/doctor_node.mjs";
import { addCheckButtonByClass } from "./check/check_button.mjs";
import { closeCheckOfOther } from "./check/check_panel.mjs";
import { speakTheUsersLanguage, translateWorkflow } from "./language.mjs";
import { addWord } from "./node_words.mjs";
import { addChoiceButtons } from "./run_choice/choice_buttons.mjs";
import { followQueue } from "./queued_graph.mjs";
import { followRenders, showAgain } from "./render_state.mjs";
import { ownId } from "./render_model.mjs";
import { addProgressBadge, followSong } from "./song_progress.mjs";
import { addOpenButton } from "./video_link.mjs";
import { addButtonsToTheFront, addStopButton, followEnds } from "./stop_button.mjs";
import { addTimeline } from "./timeline/timeline_widget.mjs";

app.registerExtension({
  name: "audio-loop.loop",
  // Waited for: the first nodes are made after it.
  async init() {
    await speakTheUsersLanguage().catch((error) => console.warn("Audio Loop: its texts stay English", error));
  },
  async beforeConfigureGraph(workflow) {
    workflow.id = ownId(workflow.id, () => window.LiteGraph.uuidv4());
    await translateWorkflow(workflow).catch((error) => console.warn("Audio Loop: the texts of this workflow stay as they are", error));
  },
  nodeCreated(node) {
    addStopButton(node);
    addChoiceButtons(node);
    addCheckButtonByClass(node);
    addTimeline(node);
    addWord(node);
    addOpenButton(node);
    addDoctor(node);
    addProgressBadge(node);
  },
  afterConfigureGraph() {
    addButtonsToTheFront();
    closeCheckOfOther();
    // Not waited for: a workflow opens at once, whatever the server does.
    showAgain().catch((error) => console.warn("Audio Loop: what the last render showed is not to be had", error));
  },
  setup() {
    followQueue();
    followRenders();
    followEnds();
    followErrors();
    followSong();
  },
});
