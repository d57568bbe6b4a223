import assert from "node:assert/strict";
import test from "node:test";
import { clearedAtStart, endMessage, oneLine, ownId, stopMessage, viewPath, wordOf } from "../../../web/render_model.mjs";

test("a running loop ends after its iteration", () => {
  const message = stopMessage(true, { stopping: [{ node: "1539", iteration: 2 }] });
  assert.equal(message.detail, "The loop ends after iteration 2; the video is made from what exists.");
  assert.equal(message.severity, "info");
});

test("a loop that has not begun ends after the initial window", () => {
  const message = stopMessage(true, { stopping: [{ node: "1539", iteration: 0 }] });
  assert.equal(message.detail, "The render ends after the initial window; the video is made from what exists.");
});

test("of two loops the one that runs is named", () => {
  const message = stopMessage(true, { stopping: [{ iteration: 3 }, { iteration: 0 }] });
  assert.match(message.detail, /after iteration 3;/);
});

test("a refusal is told in the server's words", () => {
  assert.deepEqual(stopMessage(false, { error: "no loop is running" }).detail, "no loop is running");
  assert.equal(stopMessage(false, {}).severity, "warn");
});

test("every message fades", () => {
  const messages = [
    stopMessage(true, { stopping: [{ iteration: 1 }] }),
    stopMessage(false, {}),
    endMessage({ iteration: 1 }, true),
    endMessage({ iteration: 1 }, false),
  ];
  for (const { life } of messages) assert.ok(life >= 5000 && life <= 30000);
});

test("a cancelled render is no error", () => {
  const message = endMessage({ iteration: 3, of: 9 }, true);
  assert.equal(message.severity, "info");
  assert.equal(message.detail, "Cancelled in iteration 3 of 9. Windows finished before are kept.");
});

test("a failed loop is an error, and says where", () => {
  const message = endMessage({ iteration: 3, of: null }, false);
  assert.equal(message.severity, "error");
  assert.match(message.detail, /ended early, in iteration 3\. /);
});

test("the word of an output", () => {
  assert.equal(wordOf({ text: ["3 of 9 from disk"] }), "3 of 9 from disk");
  assert.equal(wordOf({ text: "a" }), "a");
  assert.equal(wordOf({ text: ["a", "b"] }), "a\nb");
});

test("no word", () => {
  for (const output of [undefined, null, {}, { images: [] }, { text: [] }, { text: null }]) {
    assert.equal(wordOf(output), undefined);
  }
});

test("what is made anew is cleared, what is reused or in a loop is not", () => {
  assert.deepEqual(clearedAtStart(["1604", "2201", "1539", "843:7"], ["1539"], ["2201"]), ["1604", "843:7"]);
  assert.deepEqual(clearedAtStart([], ["1539"], ["2201"]), []);
});

test("a report of several lines in one", () => {
  assert.equal(oneLine("3 of 9 from disk\n\n  window 4 is made again: prompt\n"), "3 of 9 from disk · window 4 is made again: prompt");
  assert.equal(oneLine(""), "");
});

test("a saved file is opened where ComfyUI gives it out", () => {
  const saved = { images: [{ filename: "a b_00001_.mp4", subfolder: "video", type: "output" }], animated: [true] };
  assert.equal(viewPath(saved), "/view?filename=a+b_00001_.mp4&subfolder=video&type=output");
  assert.deepEqual([viewPath({ images: [] }), viewPath({}), viewPath(undefined)], [null, null, null]);
});

test("a shipped workflow gets an id of its own when it is opened, and any other keeps its own", () => {
  const make = () => "new";
  assert.equal(ownId("472e0756-1e1b-5d78-83ab-73ddbfd781f6", make), "new");
  assert.equal(ownId("472e0756-1e1b-4d78-83ab-73ddbfd781f6", make), "472e0756-1e1b-4d78-83ab-73ddbfd781f6");
  assert.equal(ownId(undefined, make), undefined);
});
