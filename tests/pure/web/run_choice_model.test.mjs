import assert from "node:assert/strict";
import test from "node:test";
import * as words from "../../../web/run_choice/choice_model.mjs";

const RUN = {
  name: "song_2026",
  changed: "2026-11-28T10:00:00+00:00",
  finished: 3,
  windows: 5,
  song_seconds: 59.996,
  picture: [0, "ab"],
  problem: "",
};
const TAKE = { number: 1, id: "ab", chosen: false, made: "2026-11-28T10:00:00+00:00", seed: "7", prompt: "a", retake: false };

test("a run says how far it came, or why it cannot be read", () => {
  assert.deepEqual(words.runLines(RUN).slice(0, 2), ["song_2026", "3 of 5 windows, song 1:00.00"]);
  assert.equal(words.runLines({ ...RUN, windows: null, song_seconds: null })[1], "3 windows");
  assert.deepEqual(words.runLines({ ...RUN, problem: "damaged" }), ["song_2026", "damaged"]);
});

test("an empty choice says which run it takes and why", () => {
  assert.equal(words.emptyMeans([RUN]), "takes song_2026, because it was changed last");
  assert.match(words.emptyMeans([]), /render one first/);
});

test("a window says when it is shown and what is special about it", () => {
  const window = { index: 0, shows: [0, 19.88], locked: true, takes: [TAKE, { ...TAKE, number: 2, chosen: true }] };
  assert.deepEqual(words.windowLines(window), ["window 0 (initial render)", "0:00.00 to 0:19.88", "2 takes, locked"]);
  assert.equal(words.shownTake(window).number, 2);
  assert.equal(words.shownTake({ ...window, takes: [TAKE] }).number, 1);
  assert.deepEqual(words.windowLines({ ...window, index: 3, shows: null, locked: false, takes: [TAKE] }), ["window 3"]);
});

test("a take says whether it is in the video", () => {
  assert.equal(words.takeLines({ ...TAKE, chosen: true })[0], "take 1 (in the video)");
  assert.match(words.takeLines({ ...TAKE, retake: true })[1], /^retake, made /);
  assert.equal(words.takeLines({ ...TAKE, seed: null }).length, 2);
});

test("picking a take changes its window alone", () => {
  assert.equal(words.withTake("", 7, 2), "7: 2");
  assert.equal(words.withTake("7: 1, 17: 3", 7, 2), "17: 3, 7: 2");
  assert.equal(words.withTake("7: 1\n9 : 2", 9, null), "7: 1");
  assert.deepEqual([...words.picked("7: 1, nonsense, 9 : 2")], [[7, 1], [9, 2]]);
});

test("the run is found through links, and not guessed if another node makes its name", () => {
  const prompt = {
    1: { class_type: "LoadLoopCheckpoint", inputs: { run_name: "mine" } },
    2: { class_type: "LoopRetakeWindow", inputs: { run_name: ["1", 6] } },
    3: { class_type: "PrimitiveString", inputs: { value: "typed" } },
    4: { class_type: "IterationCheckpoint", inputs: { run_name: ["3", 0] } },
    5: { class_type: "Concatenate", inputs: { a: "x" } },
    6: { class_type: "IterationCheckpoint", inputs: { run_name: ["5", 0] } },
    7: { class_type: "IterationCheckpoint", inputs: {} },
  };
  assert.deepEqual(["2", "4", "6", "7"].map((id) => words.runOf(prompt, id)), ["mine", "typed", undefined, ""]);
});

test("names are made safe for an address", () => {
  assert.equal(words.picturePath("a&b c", 3, "ff"), "/audio_loop/runs/picture?run=a%26b%20c&window=3&take=ff");
});
