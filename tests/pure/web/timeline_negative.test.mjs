import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import test from "node:test";
import { isHeeded, negativeEncoders } from "../../../web/timeline/negative_model.mjs";

const FOLDER = new URL("../../../example_workflows/api/", import.meta.url);
const shipped = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));
const read = (name) => JSON.parse(readFileSync(new URL(name, FOLDER), "utf8"));

test("the negative prompt of every shipped workflow is found, and sampling at cfg 1 does not ask for it", () => {
  const rendering = shipped.filter((name) => Object.values(read(name)).some((node) => node.class_type === "AudioLoopPrompts"));
  assert.ok(rendering.length > 8);
  for (const name of rendering) {
    const prompt = read(name);
    const found = negativeEncoders(prompt);
    assert.deepEqual(found.map((id) => id.split(":").at(-1)), ["507"], name);
    assert.match(prompt[found[0]].inputs.text, /^pc game, console game/, name);
  }
  assert.equal(isHeeded(read("audio-loop-music-video_image.json")), false);
});

const text = (words) => ({ class_type: "CLIPTextEncode", inputs: { text: words, clip: ["9", 0] } });
const SAMPLED = { 1: text("she sings"), 2: text("blurry"), 3: { class_type: "KSampler", inputs: { positive: ["1", 0], negative: ["2", 0], cfg: 3.5 } } };

test("what comes from another node, or says what is wanted, is no text to write into", () => {
  assert.deepEqual(negativeEncoders(SAMPLED), ["2"]);
  const emptied = { ...SAMPLED, 2: { class_type: "ConditioningZeroOut", inputs: { conditioning: ["1", 0] } } };
  assert.deepEqual(negativeEncoders(emptied), []);
  assert.deepEqual(negativeEncoders({ ...SAMPLED, 2: text(["8", 0]) }), []);
  const both = { ...SAMPLED, 3: { class_type: "KSampler", inputs: { positive: ["1", 0], negative: ["1", 0] } } };
  assert.deepEqual(negativeEncoders(both), []);
  const circle = { 1: { class_type: "A", inputs: { conditioning: ["2", 0] } }, 2: { class_type: "B", inputs: { conditioning: ["1", 0], negative: ["1", 0] } } };
  assert.deepEqual(negativeEncoders(circle), []);
});

test("guidance without a second pass asks for it too", () => {
  assert.equal(isHeeded(SAMPLED), true);
  assert.equal(isHeeded({ ...SAMPLED, 3: { class_type: "CFGGuider", inputs: { cfg: ["4", 0] } }, 4: { class_type: "PrimitiveFloat", inputs: { value: 1 } } }), false);
  const guided = { 1: { class_type: "CFGGuider", inputs: { cfg: 1 } }, 2: { class_type: "LTX2_NAG", inputs: { nag_cond_video: ["3", 0] } }, 3: text("blurry") };
  assert.equal(isHeeded(guided), true);
  assert.deepEqual(negativeEncoders(guided), ["3"]);
});
