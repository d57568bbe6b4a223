import assert from "node:assert/strict";
import test from "node:test";
import * as model from "../../../web/progress_model.mjs";

const SAMPLING = {
  node: "1539", windows: 10, finished: 3, from_disk: 2, window: 3, step: 5, steps: 8, frame: 0, frames: 0,
  percent: 32.9, step_seconds: 3.21, seconds_left: 754, decode_follows: true,
};
const WRITING = { ...SAMPLING, finished: 10, step: 0, steps: 0, frame: 812, frames: 4625, percent: 91.7, seconds_left: 48.2, decode_follows: false };
const FIRST = { ...SAMPLING, finished: 0, step: 0, steps: 0, percent: 0, step_seconds: null, seconds_left: null };

test("durations are said as people say them", () => {
  const said = [0, 0.4, 44.6, 59.6, 754, 3599, 3600, 7500].map(model.durationText);
  assert.deepEqual(said, ["0 s", "0 s", "45 s", "1 min", "13 min", "1 h 00 min", "1 h 00 min", "2 h 05 min"]);
});

test("the loop says percent, step, seconds per step and what is left", () => {
  assert.equal(model.loopText(SAMPLING), "32 % · step 5 / 8, 3.2 s each · 13 min until the video is written");
  assert.equal(model.loopText({ ...SAMPLING, step_seconds: 31.7, decode_follows: false }), "32 % · step 5 / 8, 32 s each · 13 min left");
  assert.equal(model.loopText(WRITING), "91 % · writing frame 812 / 4625 · 48 s left");
});

test("nothing is said of seconds before any were measured", () => {
  assert.equal(model.loopText(FIRST), "0 %");
  assert.equal(model.titlePrefix(FIRST), "0 % | ");
  assert.equal(model.leftText(FIRST), "");
});

test("a node that holds the loop says the windows too, in a line that is no wider than the node", () => {
  assert.equal(model.holderText(SAMPLING), "32 % · 3 of 10 windows · step 5 / 8 · 13 min left");
  assert.equal(model.holderText(WRITING), "91 % · writing frame 812 / 4625 · 48 s left");
});

test("a draft and its finish are told apart", () => {
  const draft = { ...SAMPLING, stage: 1, stages: 2, seconds_left: null };
  assert.equal(model.holderText(draft), "32 % · stage 1 / 2 · 3 of 10 windows · step 5 / 8");
  assert.equal(model.loopText({ ...draft, stage: 2 }), "32 % · stage 2 / 2 · step 5 / 8, 3.2 s each");
});

test("the title takes a prefix, another in its place, and gives it back", () => {
  const first = model.titlePrefix(SAMPLING);
  assert.equal(first, "32 % · 13 min | ");
  assert.equal(model.withPrefix("*song - ComfyUI", "", first), "32 % · 13 min | *song - ComfyUI");
  const second = model.titlePrefix(WRITING);
  assert.equal(model.withPrefix("32 % · 13 min | song", first, second), "91 % · 48 s | song");
  // The frontend has written its own in the meantime.
  assert.equal(model.withPrefix("[12%] song", first, second), "91 % · 48 s | [12%] song");
  assert.equal(model.withPrefix("91 % · 48 s | song", second, model.titlePrefix(null)), "song");
});

test("the nodes around a loop are those of its execution id", () => {
  assert.deepEqual(model.holdersOf("2300:2301:1539"), ["2300", "2300:2301"]);
  assert.deepEqual([model.holdersOf("1539"), model.holdersOf(null)], [[], []]);
});
