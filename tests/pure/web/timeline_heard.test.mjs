import assert from "node:assert/strict";
import test from "node:test";
import { beatMarks, heardOf, heardWords, letterHue, listeningWords, sectionHint, voicesIn } from "../../../web/timeline/heard_model.mjs";
import { wholeSong } from "../../../web/timeline/zoom_model.mjs";

const section = (from, to, label, letter, level = "loud") => ({ start_seconds: from, end_seconds: to, label, letter, level });
const ANSWER = {
  tempo_bpm: 120.4,
  beats_per_bar: 4,
  beats: Array.from({ length: 240 }, (_, index) => index / 2 + 0.25),
  bars: Array.from({ length: 60 }, (_, index) => 4 * index),
  key: "A minor",
  sections: [section(0, 30, "intro", "A", "quiet"), section(30, 70, "verse", "B"), section(70, 90, "chorus", "C"), section(90, 120, "verse", "B")],
  voice: { fraction: 0.416, stretches: [{ start_seconds: 31, end_seconds: 69, kind: "singing" }, { start_seconds: 80, end_seconds: 82, kind: "crowd" }] },
};
const HEARD = heardOf(ANSWER);
const SILENT = heardOf({ ...ANSWER, tempo_bpm: null, beats: [], bars: [], key: null, sections: [section(0, 9, "section", "A")], voice: { fraction: 0, stretches: [] } });

test("the same material has the same colour, other material another", () => {
  const [intro, verse, chorus, again] = HEARD.sections;
  assert.equal(verse.hue, again.hue);
  const far = (one, other) => Math.min((one - other + 360) % 360, (other - one + 360) % 360);
  assert.ok(far(intro.hue, verse.hue) > 60 && far(verse.hue, chorus.hue) > 60 && far(intro.hue, chorus.hue) > 60);
  const hues = [..."ABCDEFGH"].map(letterHue);
  for (const [index, hue] of hues.entries()) for (const other of hues.slice(index + 1)) assert.ok(far(hue, other) >= 20);
  assert.deepEqual(HEARD.sections.map((each) => each.name), ["intro A", "verse B", "chorus C", "verse B"]);
});

test("beats are marked where they can be told apart, else bars, else nothing", () => {
  const marks = (view, width) => beatMarks(HEARD, view, width);
  assert.equal(marks(wholeSong(120), 200).length, 0);
  const bars = marks(wholeSong(120), 900);
  assert.deepEqual([bars.length, bars.every((each) => each.isBar)], [60, true]);
  const near = marks({ from: 10, to: 20 }, 900);
  assert.equal(near.length, 20);
  assert.deepEqual(near.map((each) => each.isBar).slice(0, 6), [false, false, false, false, true, false].map((_, index) => (index + 20) % 4 === 0));
  assert.ok(near.every((each) => each.x >= 0 && each.x <= 900));
  assert.ok(Math.abs(near[0].x - 22.5) < 1e-9);
  assert.deepEqual(beatMarks(SILENT, wholeSong(9), 900), []);
});

test("what is heard is said", () => {
  assert.equal(heardWords(HEARD), "120 BPM, 4 beats in a bar · key A minor · 4 sections · voice in 42 % of the song");
  assert.equal(heardWords(SILENT), "no steady beat · 1 section · no voice");
  assert.equal(sectionHint(HEARD, 40), "verse B, 0:30.00 to 1:10.00, loud, here singing");
  assert.equal(sectionHint(HEARD, 81), "chorus C, 1:10.00 to 1:30.00, loud, here laughter or applause");
  assert.equal(sectionHint(HEARD, 0), "intro A, 0:00.00 to 0:30.00, quiet, no voice here");
  assert.equal(sectionHint(HEARD, 120), "");
  assert.deepEqual([voicesIn(HEARD), voicesIn(SILENT)], [["singing", "crowd"], []]);
  assert.equal(listeningWords(0.404), "Listening … 40 %");
});

test("a label that is not known yet is shown as it is", () => {
  assert.equal(heardOf({ ...ANSWER, sections: [section(0, 9, "solo", "A", "huge")] }).sections[0].name, "solo A");
});
