import assert from "node:assert/strict";
import test from "node:test";
import { clockText } from "../../../web/time_text_model.mjs";

test("times are those of the report, rounded before they are cut", () => {
  const seconds = [-1, 0, 5.004, 37.8, 59.996, 59.999, 61.5, 600, 3599.999, 3723.004];
  const texts = ["0:00.00", "0:00.00", "0:05.00", "0:37.80", "1:00.00", "1:00.00", "1:01.50", "10:00.00", "1:00:00.00", "1:02:03.00"];
  assert.deepEqual(seconds.map(clockText), texts);
});
