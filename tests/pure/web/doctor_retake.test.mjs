import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { filledIn, packOf, partOf, retakeValues } from "../../../web/doctor/retake_model.mjs";

const stretch = (start_seconds, end_seconds, window = null) => ({ start_seconds, end_seconds, window });
const ORIGIN = { duration_seconds: 180, window_seconds: 19.88, run: "a run", song: "song.mp3", picture: "face.png" };

test("a moment is made again with what lies around it, inside the video", () => {
  assert.deepEqual(partOf(stretch(37.8, 37.84, 2), ORIGIN), { window: -1, start_seconds: 36.82, end_seconds: 38.82 });
  assert.deepEqual(partOf(stretch(0, 0.04, 0), ORIGIN), { window: -1, start_seconds: 0, end_seconds: 2 });
  assert.deepEqual(partOf(stretch(179.96, 180, 9), ORIGIN), { window: -1, start_seconds: 178, end_seconds: 180 });
  assert.deepEqual(partOf(stretch(0.5, 0.6), { duration_seconds: 1 }), { window: -1, start_seconds: 0, end_seconds: 1 });
});

test("a stretch is made again as it is", () => {
  assert.deepEqual(partOf(stretch(20, 30, 1), ORIGIN), { window: -1, start_seconds: 20, end_seconds: 30 });
});

test("of one that is longer than a window can hold, its window; without a window its beginning", () => {
  assert.deepEqual(partOf(stretch(0, 180, 4), ORIGIN), { window: 4, start_seconds: 0, end_seconds: 0 });
  assert.deepEqual(partOf(stretch(10, 180), { duration_seconds: 180, window_seconds: 10 }), { window: -1, start_seconds: 10, end_seconds: 18 });
  assert.deepEqual(partOf(stretch(0, 180), { duration_seconds: 180 }), { window: -1, start_seconds: 0, end_seconds: 15 });
});

test("everything that is known is filled in, the seed is new, the prompt empty", () => {
  const values = retakeValues(stretch(20, 30, 1), { ...ORIGIN, song_start_seconds: 12, song_duration_seconds: 180 }, 0.5);
  assert.deepEqual(values, {
    LoadLoopCheckpoint: { run_name: "a run" },
    LoadAudio: { audio: "song.mp3" },
    LoadImage: { image: "face.png" },
    TrimAudioDuration: { start_index: 12, duration: 180 },
    "": { window: -1, start_seconds: 20, end_seconds: 30, prompt: "", seed: 2 ** 31 },
  });
  const bare = retakeValues(stretch(20, 30), {}, 0);
  assert.deepEqual([bare.LoadLoopCheckpoint, bare.LoadImage, bare.TrimAudioDuration, bare[""].seed], [{}, {}, {}, 0]);
});

test("files and run stand in the shipped workflow before it is loaded", () => {
  const shipped = JSON.parse(readFileSync(new URL("../../../example_workflows/audio-loop-music-video_retake.json", import.meta.url), "utf-8"));
  const before = structuredClone(shipped);
  const values = retakeValues(stretch(20, 30, 1), ORIGIN, 0);
  const filled = filledIn(shipped, values);
  const held = (workflow, type) => workflow.nodes.find((node) => node.type === type).widgets_values;
  for (const [type, value] of [["LoadLoopCheckpoint", "a run"], ["LoadAudio", "song.mp3"], ["LoadImage", "face.png"]]) {
    assert.deepEqual(held(filled, type), [value, ...held(shipped, type).slice(1)]);
    const input = shipped.nodes.find((node) => node.type === type).inputs.find((each) => each.widget);
    assert.equal(input.name, Object.keys(values[type])[0], "it is the first widget");
  }
  assert.deepEqual(shipped, before);
  assert.deepEqual(filledIn(shipped, retakeValues(stretch(20, 30), {}, 0)), shipped);
});

test("the folder of the pack", () => {
  assert.equal(packOf("http://127.0.0.1:8188/extensions/audio-loop/doctor/open_retake.mjs"), "audio-loop");
  assert.equal(packOf("http://h/x/extensions/My%20Pack/doctor/open_retake.mjs?v=2"), "My Pack");
  assert.equal(packOf("file:///a/b.mjs"), "");
});
