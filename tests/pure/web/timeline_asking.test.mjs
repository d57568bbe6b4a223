import assert from "node:assert/strict";
import test from "node:test";
import { isPassing, pauseMs, readingWords, Refusal } from "../../../web/timeline/asking_model.mjs";

test("another try follows only if the server was busy or gone, and ever more rarely", () => {
  const statuses = [undefined, 429, 500, 503, 400, 404, 414, 422];
  const afterLongWait = statuses.map((status) => isPassing(new Refusal("no", status), 40));
  assert.deepEqual(afterLongWait, [true, true, true, true, false, false, false, false]);
  assert.equal(isPassing(new TypeError("Failed to fetch")), true);
  const pauses = [0, 1, 2, 5, 9, 40].map(pauseMs);
  assert.deepEqual(pauses, [...pauses].sort((a, b) => a - b));
  assert.ok(pauses[0] < 1000 && pauses[5] === 15000);
});

test("a song that is not there may be on its way: an upload takes its time", () => {
  assert.equal(isPassing(new Refusal("no", 404), 0), true);
  assert.equal(isPassing(new Refusal("no", 414), 0), false);
});

test("what is awaited is said", () => {
  assert.equal(readingWords(true, false), "Reading the song …");
  assert.match(readingWords(false, true), /whole song/);
  assert.equal(readingWords(false, false), "");
});
