import assert from "node:assert/strict";
import test from "node:test";
import { isPassing, pauseMs, readingWords, Refusal } from "../../../web/timeline/asking_model.mjs";

test("another try follows only if the server was busy or gone, and ever more rarely", () => {
  const statuses = [undefined, 429, 500, 503, 400, 404, 414, 422];
  assert.deepEqual(statuses.map((status) => isPassing(new Refusal("no", status))), [true, true, true, true, false, false, false, false]);
  assert.equal(isPassing(new TypeError("Failed to fetch")), true);
  const pauses = [0, 1, 2, 5, 9, 40].map(pauseMs);
  assert.deepEqual(pauses, [...pauses].sort((a, b) => a - b));
  assert.ok(pauses[0] < 1000 && pauses[5] === 15000);
});

test("what is awaited is said", () => {
  assert.equal(readingWords(true, false), "Reading the song …");
  assert.match(readingWords(false, true), /whole song/);
  assert.equal(readingWords(false, false), "");
});
