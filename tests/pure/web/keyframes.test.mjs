import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { keyframesOf, refusalOf } from "../../../web/keyframes/keyframe_words_model.mjs";
import { picturesOf } from "../../../web/keyframes/pictures_model.mjs";
import * as edit from "../../../web/timeline/edit_model.mjs";
import { gridOf } from "../../../web/timeline/grid_model.mjs";
import { sectionWords } from "../../../web/timeline/keys_model.mjs";
import { readSettings } from "../../../web/timeline/prompt_reading_model.mjs";
import { parseSchedule } from "../../../web/timeline/schedule_model.mjs";
import { saysOf } from "../../../web/timeline/says_model.mjs";
import { edgeAt, shownOf } from "../../../web/timeline/shown_model.mjs";

const read = (path) => JSON.parse(readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8"));
const { cases } = read("tests/golden/timeline/keyframes.json");
const GRID = gridOf(cases[0].grid);
const TWO = keyframesOf(2);
const refused = (message) => (error) => error instanceof edit.EditRefused && message.test(error.message);

test("there are at least 60 cases", () => assert.ok(cases.length >= 60));

for (const each of cases) {
  test(`pictures as Python gives them: ${each.name}`, () => {
    const found = parseSchedule(each.text, gridOf(each.grid), each.snap, keyframesOf(each.pictures));
    assert.deepEqual(found.errors, each.error ? [each.error] : []);
    if (each.error) return;
    assert.deepEqual(refusalOf(found, each.pictures, each.grid.windows) ?? null, each.refusal);
    if (each.refusal) return;
    const ofWindow = found.entries.flatMap((entry) => entry.windows.map((window) => [window, Number(entry.text)]));
    assert.deepEqual(ofWindow.sort((a, b) => a[0] - b[0]).map(([, index]) => index), each.indices);
  });
}

test("numbers are edited as words are, and stay numbers", () => {
  const text = "# verse\n0:00-1:15: 0\n1:15+: 1";
  assert.equal(edit.moveStart(text, 1, 80, TWO), "# verse\n0:00-1:20: 0\n1:20+: 1");
  assert.equal(edit.split("0", 30, TWO), "0:00: 0\n0:30: 0");
  assert.equal(edit.setWords("0", 0, "1", TWO), "1");
  assert.equal(edit.setWords(text, 1, " 0 ", TWO), "# verse\n0:00-1:15: 0\n1:15+: 0");
  assert.throws(() => edit.setWords(text, 1, "a dog", TWO), refused(/a whole number from 0 up, not 'a dog'/));
  assert.throws(() => edit.setWords(text, 1, "0\n1", TWO), refused(/not '0 1'/));
  assert.throws(() => edit.moveStart("0:00: 0\n0:30: dog", 1, 40, TWO), refused(/line 2: expected the index of a picture/));
  assert.equal(edit.remove(text, 1, TWO), "# verse\n0:00-1:15: 0");
  assert.equal(edit.join("0:00: 0\n0:30: 1", 0, TWO), "0:00: 0");
  assert.equal(edit.duplicate("7", 0, 60, TWO), "0:00: 7\n0:30: 7");
  assert.equal(edit.distribute("0:00: 0\n0:01: 1", 60, TWO), "0:00: 0\n0:30: 1");
});

test("a new section takes the next picture, and behind the last one the first", () => {
  assert.equal(edit.insert("0:00: 0", 30, TWO), "0:00: 0\n0:30: 1");
  assert.equal(edit.insert("0:00: 1", 30, TWO), "0:00: 1\n0:30: 0");
  assert.equal(edit.insert("0:00: 0", 30, keyframesOf(0)), "0:00: 0\n0:30: 0");
  assert.equal(edit.insert("", 30, TWO), "0:00: 0");
});

test("auto shows a section for each window, which only typing changes", () => {
  const { sections, seenParts } = shownOf("auto", GRID, TWO);
  assert.deepEqual(sections.map((each) => each.words), Array.from({ length: 10 }, (_, window) => String(window)));
  assert.deepEqual(sections.map((each) => each.from), GRID.seen);
  assert.equal(seenParts.length, 10);
  assert.equal(edgeAt(sections, 10, { from: 0, to: 19.88 * 2 }, 20), undefined);
  assert.throws(() => edit.split("auto", 30, TWO), refused(/write times instead/));
  assert.deepEqual(shownOf("auto", null, TWO).sections, []);
});

test("the same number has the same colour, and a section says its picture", () => {
  const { sections, prefix } = shownOf("0:00: 0\n0:30: 1\n1:00: 0", GRID, TWO);
  assert.equal(prefix, "");
  assert.equal(sections[0].hue, sections[2].hue);
  assert.notEqual(sections[0].hue, sections[1].hue);
  assert.equal(sectionWords(sections[1], 2, 3, 60, TWO), "Section 2 of 3, 0:30.00 to 1:00.00, seen from 0:37.80: picture 1");
});

test("pictures are found behind batch, resize and preparation, in the order of their numbers", () => {
  const prompt = read("example_workflows/api/audio-loop-music-video_latent_keyframe.json");
  prompt["444"].inputs.image = "verse.png";
  prompt["2341"].inputs.image = "people/chorus.webp [output]";
  assert.deepEqual(picturesOf(prompt, "2344"), ["verse.png", "people/chorus.webp [output]"]);
  assert.equal(picturesOf(prompt, "1559"), null);
  prompt["2343"].inputs = { "images.image10": ["2342", 0], "images.image2": ["445", 0] };
  assert.deepEqual(picturesOf(prompt, "2344"), ["verse.png", "people/chorus.webp [output]"]);
});

test("pictures of other chains are not known before Run", () => {
  const encoder = { class_type: "KeyframeImageSchedule", inputs: { images: ["2", 0], schedule: ["1", 0] } };
  const behind = (two, more = {}) => picturesOf({ 1: { class_type: "AudioLoopKeyframes", inputs: {} }, 2: two, 3: encoder, ...more }, "1");
  const load = (image) => ({ class_type: "LoadImage", inputs: { image } });
  assert.deepEqual(behind(load("a.png")), ["a.png"]);
  // An animation gives all its frames, unless a node takes the first.
  assert.equal(behind(load("a.webp")), null);
  assert.equal(behind(load("a.GIF [temp]")), null);
  assert.deepEqual(behind({ class_type: "AudioLoopPicture", inputs: { image: ["4", 0] } }, { 4: load("a.webp") }), ["a.webp"]);
  assert.deepEqual(
    behind({ class_type: "ImageBatch", inputs: { image1: ["4", 0], image2: ["5", 0] } }, { 4: load("a.png"), 5: load("b.png") }),
    ["a.png", "b.png"],
  );
  assert.equal(behind({ class_type: "ImageBatch", inputs: { image1: ["4", 0], image2: ["9", 0] } }, { 4: load("a.png") }), null);
  assert.equal(behind({ class_type: "VAEDecode", inputs: { samples: ["4", 0] } }, { 4: load("a.png") }), null);
  assert.equal(behind({ class_type: "ImageScale", inputs: { image: ["2", 0] } }), null);
  assert.equal(behind(load("")), null);
});

test("the planner of a schedule of pictures is that of the node that takes it", () => {
  const planner = (audio) => ({
    class_type: "AudioLoopPlanner",
    inputs: { audio: [audio, 0], window_seconds: 10, overlap_seconds: 1, fps: 25, last_window: "fit", max_iterations: 0 },
  });
  const prompt = {
    1: { class_type: "AudioLoopKeyframes", inputs: { schedule: "0" } },
    2: { class_type: "KeyframeLatentScheduleBatchEncode", inputs: { schedule: ["1", 0], plan: ["4", 5] } },
    3: planner("5"),
    4: planner("6"),
    5: { class_type: "LoadAudio", inputs: { audio: "other.wav" } },
    6: { class_type: "LoadAudio", inputs: { audio: "own.wav" } },
  };
  assert.equal(readSettings(prompt, "1").query.audio, "own.wav");
  // Graphs of before have no order; one that another node computes is not known before Run.
  assert.equal(readSettings(prompt, "1").query.order, undefined);
  prompt[4].inputs.order = "anchors first";
  assert.equal(readSettings(prompt, "1").query.order, "anchors first");
  prompt[4].inputs.order = ["9", 0];
  assert.match(readSettings(prompt, "1").missing, /^order of the planner/);
});

test("what is said names the picture, the line whose picture is not there, and a section that is never seen", () => {
  const idle = { grid: GRID, selected: 0, wired: false, message: "", says: "", reading: "", isDragging: false };
  const says = (text, count) => {
    const kind = keyframesOf(count);
    const shown = shownOf(text, GRID, kind);
    return saysOf(shown, { ...idle, text, kind, refusal: refusalOf(shown.read, count, GRID.seen.length) });
  };
  assert.match(says("0:00: 0", 2).words, /: picture 0$/);
  assert.deepEqual(says("0:00: 0\n0:30: 2", 2), { words: "Line 2: names picture 2, but there are 2: 0 to 1", isWrong: true, line: 2 });
  const lost = says("0:00: 0\n2:50: 1\n2:52: 0\n2:54: 1", 2);
  assert.match(lost.words, /^Line \d, asked for .* is never seen/);
});
