import assert from "node:assert/strict";
import test from "node:test";
import { lineRange, whereToMend } from "../../../web/error_model.mjs";

const PROMPT = {
  "565": { class_type: "LoadAudio", inputs: { audio: "song.mp3" } },
  "567": { class_type: "TrimAudioDuration", inputs: { audio: ["565", 0], start_index: 0, duration: 600 } },
  "688": { class_type: "PrimitiveFloat", inputs: { value: 19.88 } },
  "1559": { class_type: "PrimitiveStringMultiline", inputs: { value: "0:00: a\n0:3x: b" } },
  "2300:1560": {
    class_type: "AudioLoopPlanner",
    inputs: { audio: ["567", 0], schedule: ["1559", 0], window_seconds: ["688", 0], overlap_seconds: 2, fps: 25 },
  },
  "2300:1582": { class_type: "TimestampPromptSchedule", inputs: { current_iteration: ["2300:1539", 3], schedule: ["1559", 0] } },
  "2300:1539": { class_type: "TensorLoopOpen", inputs: { iterations_in: ["2300:1560", 1] } },
  "2300:1540": { class_type: "TensorLoopClose", inputs: { flow_control: ["2300:1539", 0] } },
  "9": { class_type: "VAELoader", inputs: { vae_name: "x" } },
};
const planner = (exception_message) => ({ node_id: "2300:1560", node_type: "AudioLoopPlanner", exception_message });

test("a line of the schedule is mended where it is typed, not at the planner", () => {
  const message = "AudioLoopPlanner: schedule line 2, '0:3x: b': a line begins with a time, such as 0:30\n";
  assert.deepEqual(whereToMend(planner(message), PROMPT), { node: "1559", line: 2, message: message.trim() });
  assert.deepEqual(whereToMend(planner("AudioLoopPlanner: the schedule is empty; write one line"), PROMPT).node, "1559");
});

test("a schedule that is typed into the planner is mended there", () => {
  const typed = { ...PROMPT, "2300:1560": { class_type: "AudioLoopPlanner", inputs: { audio: ["567", 0], schedule: "0:3x: b" } } };
  const found = whereToMend(planner("AudioLoopPlanner: schedule line 1, '0:3x: b': no"), typed);
  assert.deepEqual([found.node, found.line], ["2300:1560", 1]);
});

test("a song is mended where it is loaded, through what trims it", () => {
  assert.equal(whereToMend(planner("AudioLoopPlanner: the audio is 0.01 s long, less than one frame at 25 frames a second"), PROMPT).node, "565");
  assert.equal(whereToMend(planner("AudioLoopPlanner: the song is not a number at 0:12.00"), PROMPT).node, "565");
});

test("a number is mended where it is typed, and the longest name counts", () => {
  const message = "AudioLoopPlanner: window_seconds is 0.1, which is less than overlap";
  assert.equal(whereToMend(planner(message), PROMPT).node, "688");
  assert.equal(whereToMend(planner("AudioLoopPlanner: overlap_seconds is 30; at most 19"), PROMPT).node, "2300:1560");
});

test("an error inside the loop is not left at the node that runs the loop", () => {
  const message = "TimestampPromptSchedule: schedule line 2, '0:3x: b': no";
  const found = whereToMend({ node_id: "2300:1540", node_type: "TensorLoopClose", exception_message: message }, PROMPT);
  assert.deepEqual([found.node, found.line], ["1559", 2]);
});

test("an error that names no input stays where it is reported", () => {
  const error = { node_id: "9", node_type: "VAELoader", exception_message: "Allocation on device" };
  assert.deepEqual(whereToMend(error, PROMPT), { node: "9", line: null, message: "Allocation on device" });
  assert.equal(whereToMend({ node_id: "gone", node_type: "X", exception_message: undefined }, PROMPT).node, "gone");
});

test("a circle of links ends", () => {
  const circle = { a: { class_type: "P", inputs: { schedule: ["b", 0] } }, b: { class_type: "Q", inputs: { schedule: ["a", 0] } } };
  assert.equal(whereToMend({ node_id: "a", node_type: "P", exception_message: "P: the schedule is odd" }, circle).node, "a");
});

test("a line lies where it lies", () => {
  assert.deepEqual(lineRange("0:00: a\n0:3x: b\n", 2), [8, 15]);
  assert.deepEqual([lineRange("a", 2), lineRange("a", 0)], [null, null]);
});
