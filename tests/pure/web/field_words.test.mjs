import assert from "node:assert/strict";
import test from "node:test";
import { speakFields } from "../../../web/field_words_model.mjs";
import { speak } from "../../../web/words_model.mjs";

const inChinese = (workflow) => {
  speak({ Seed: "种子", "music or a talk": "音乐或讲话" });
  try {
    speakFields(workflow);
  } finally {
    speak({});
  }
  return workflow;
};
const shipped = (extra) => ({
  nodes: [{ inputs: [{ name: "seed", label: "Seed" }, { name: "mine", label: "My own" }, { name: "plain" }] }, {}],
  definitions: { subgraphs: [{ inputs: [{ name: "seed", label: "Seed" }], nodes: [] }] },
  extra: { linearData: { inputs: [[1, "audio", { description: "music or a talk" }], [1, "seed"]] }, ...extra },
});

test("fields of a workflow of the pack are named in the user's language, what a user named stays", () => {
  const { nodes, definitions, extra } = inChinese(shipped({ audio_loop: { revision: 0 } }));
  assert.deepEqual(nodes[0].inputs.map((slot) => slot.label), ["种子", "My own", undefined]);
  assert.equal(definitions.subgraphs[0].inputs[0].label, "种子");
  assert.deepEqual(extra.linearData.inputs, [[1, "audio", { description: "音乐或讲话" }], [1, "seed"]]);
});

test("another workflow, one without an app and nothing at all stay as they are", () => {
  assert.deepEqual(inChinese(shipped()), shipped());
  assert.deepEqual(inChinese({ extra: { audio_loop: {} } }), { extra: { audio_loop: {} } });
  assert.equal(inChinese(undefined), undefined);
});
