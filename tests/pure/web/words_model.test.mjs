import assert from "node:assert/strict";
import test from "node:test";
import { english, keyOf, speak, t, translated } from "../../../web/words_model.mjs";
import { loopText } from "../../../web/progress_model.mjs";

const spoken = (translations, told) => {
  speak(translations);
  try {
    return told();
  } finally {
    speak({});
  }
};

test("without translations a text is English", () => {
  assert.equal(t`step ${3} of ${8}`, "step 3 of 8");
  assert.equal(translated(english`Split`), "Split");
});

test("a translation puts the values where it wants them", () => {
  const said = spoken({ "step {0} of {1}": "共 {1} 步，第 {0} 步", Split: "拆分" }, () => [t`step ${3} of ${8}`, translated(english`Split`)]);
  assert.deepEqual(said, ["共 8 步，第 3 步", "拆分"]);
  assert.equal(t`step ${3} of ${8}`, "step 3 of 8");
});

test("a value that looks like a place, or like a part of an object, is a value", () => {
  assert.equal(t`run ${"{1}"} of ${"x"}`, "run {1} of x");
  assert.equal(spoken({}, () => translated("constructor")), "constructor");
  assert.equal(keyOf`a ${1} b ${2}`, "a {0} b {1}");
});

test("a place for which there is no value stays", () => {
  assert.equal(spoken({ "a {0}": "{0} {1}" }, () => t`a ${1}`), "1 {1}");
});

test("sentences made of parts are in one language", () => {
  const progress = { percent: 32.9, step: 5, steps: 8, step_seconds: 3.21, seconds_left: 754, decode_follows: false };
  const chinese = { "step {0} / {1}": "第 {0} / {1} 步", "{0}, {1} s each": "{0}，每步 {1} 秒", "{0} min": "{0} 分钟", "{0} left": "还剩 {0}" };
  assert.equal(spoken(chinese, () => loopText(progress)), "32 % · 第 5 / 8 步，每步 3.2 秒 · 还剩 13 分钟");
});
