import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import * as model from "../../../web/doctor/findings_model.mjs";
import { speak } from "../../../web/words_model.mjs";

const stretch = (start_seconds, end_seconds, window = null) => ({ start_seconds, end_seconds, window });
const symptom = (kind, strength, ...stretches) => ({ kind, strength, words: `${kind} is seen`, stretches });

test("every kind of symptom has words", () => {
  const kinds = /Kind = Literal\[([^\]]*)\]/.exec(readFileSync(new URL("../../../doctor/kinds.py", import.meta.url), "utf-8"))[1];
  const named = [...kinds.matchAll(/"(\w+)"/g)].map(([, name]) => name);
  assert.equal(named.length, 19);
  assert.deepEqual(Object.keys(model.KINDS).sort(), named.sort());
  assert.equal(model.kindWords("of_a_newer_version"), "of_a_newer_version");
});

test("folders of the videos that a graph saves", () => {
  const save = (filename_prefix) => ({ class_type: "StreamingVideoSave", inputs: { filename_prefix } });
  assert.deepEqual(model.foldersOf({ 1: save("video/a"), 2: save("video\\b"), 3: save("c"), 4: save(["9", 0]), 5: { class_type: "X" } }), ["video", ""]);
  assert.deepEqual(model.foldersOf({}), []);
});

test("what the node tells", () => {
  assert.deepEqual(model.dataOf({ audio_loop_doctor: [{ data: "video/a.doctor.json" }] }), { data: "video/a.doctor.json" });
  for (const output of [undefined, {}, { text: ["off"] }, { audio_loop_doctor: [] }, { audio_loop_doctor: [{}] }]) assert.equal(model.dataOf(output), null);
});

test("the sentence counts, and names the video without its folder", () => {
  const of = (count) => model.summaryOf({ symptoms: Array(count).fill({}), video: "video/a_1.mp4" });
  assert.equal(of(0), "The doctor found nothing wrong in a_1.mp4");
  assert.equal(of(1), "The doctor found 1 thing in a_1.mp4");
  assert.equal(of(3), "The doctor found 3 things in a_1.mp4");
});

test("places: a moment, a stretch, its window", () => {
  assert.equal(model.placeWords(stretch(17.92, 17.96, 1)), "0:17.92, window 1");
  assert.equal(model.placeWords(stretch(10, 20)), "0:10.00 to 0:20.00");
  assert.equal(model.placeWords({ start_seconds: 1, end_seconds: 2 }), "0:01.00 to 0:02.00");
});

test("marks: the strongest take the first lane, those that overlap lie under each other, in the order of time", () => {
  const found = { symptoms: [symptom("colour_drift", 1.2, stretch(0, 100)), symptom("visible_cut", 4, stretch(60, 60.04, 3), stretch(20, 20.04, 1))] };
  const marks = model.marksOf(found, 100);
  assert.deepEqual(marks.map(({ symptom: index, stretch: place, lane, level }) => [index, place, lane, level]), [
    [0, 0, 1, "slight"],
    [1, 1, 0, "strong"],
    [1, 0, 0, "strong"],
  ]);
  assert.equal(model.lanesOf(marks), 2);
  const [, early] = marks;
  assert.ok(early.from < 20 && early.to > 20.04 && early.to - early.from >= 0.79, "a moment can be hit");
  assert.match(early.title, /^Visible cut \(strong, 4\.0 times what is noticed\), 0:20\.00, window 1: visible_cut is seen$/);
});

test("marks stay within the song, and there are not more than fit", () => {
  const edges = model.marksOf({ symptoms: [symptom("frozen_start", 2, stretch(0, 0.04)), symptom("visible_cut", 2, stretch(99.96, 100))] }, 100);
  assert.deepEqual([edges[0].from, edges[1].to], [0, 100]);
  const many = { symptoms: Array.from({ length: 10 }, () => symptom("colour_drift", 2, stretch(0, 100))) };
  assert.equal(model.marksOf(many, 100).length, 4);
  const crowd = { symptoms: [symptom("visible_cut", 2, ...Array.from({ length: 500 }, (_, k) => stretch(k, k + 0.04)))] };
  assert.ok(model.marksOf(crowd, 500).length <= 80);
  assert.deepEqual(model.marksOf({ symptoms: [] }, 100), []);
});

test("a mark in a part of the song", () => {
  const view = { from: 10, to: 30 };
  assert.deepEqual(model.placeInView({ from: 5, to: 20 }, view), { left: 0, width: 50 });
  assert.deepEqual(model.placeInView({ from: 20, to: 25 }, view), { left: 50, width: 25 });
  for (const outside of [{ from: 0, to: 10 }, { from: 30, to: 40 }]) assert.equal(model.placeInView(outside, view), null);
});

test("levels and neighbours", () => {
  assert.deepEqual([1, 1.5, 2.9, 3].map(model.levelOf), ["slight", "clear", "clear", "strong"]);
  assert.deepEqual([model.neighbour(0, -1, 3), model.neighbour(1, 1, 3), model.neighbour(2, 1, 3)], [0, 2, 2]);
});

test("a retake mends what was sampled, not what lies in the file or its sound", () => {
  assert.ok(model.isMendedByRetake("frozen_window") && model.isMendedByRetake("lip_sync"));
  assert.ok(!model.isMendedByRetake("audio_offset") && !model.isMendedByRetake("decode_tile_pulse"));
});

test("in Chinese", () => {
  speak(JSON.parse(readFileSync(new URL("../../../locales/zh/main.json", import.meta.url), "utf-8")).audio_loop.shown);
  try {
    for (const kind of Object.keys(model.KINDS)) assert.match(model.kindWords(kind), /[\u4e00-\u9fff]/, kind);
    assert.match(model.summaryOf({ symptoms: [{}], video: "a.mp4" }), /[\u4e00-\u9fff]/);
  } finally {
    speak({});
  }
});
