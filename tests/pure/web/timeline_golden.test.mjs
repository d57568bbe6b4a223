import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { gridOf } from "../../../web/timeline/grid_model.mjs";
import { parseSchedule } from "../../../web/timeline/schedule_model.mjs";

const { cases } = JSON.parse(readFileSync(new URL("../../golden/timeline/cases.json", import.meta.url), "utf8"));
const near = (a, b) => (a === null || b === null ? a === b : Math.abs(a - b) < 1e-6);

test("there are at least 200 cases", () => assert.ok(cases.length >= 200));

for (const each of cases) {
  test(`as Python reads it: ${each.name}`, () => {
    const read = parseSchedule(each.text, gridOf(each.grid), each.snap);
    assert.deepEqual(read.errors, each.errors);
    assert.deepEqual(read.lineOfWindow, each.line_of_window);
    assert.equal(read.entries.length, each.entries.length);
    read.entries.forEach((entry, index) => {
      const wanted = each.entries[index];
      assert.deepEqual([entry.line, entry.text, entry.form], [wanted.line, wanted.text, wanted.form]);
      for (const [own, other] of [["startSeconds", "start_seconds"], ["endSeconds", "end_seconds"], ["seenSeconds", "seen_seconds"]]) {
        assert.ok(near(entry[own], wanted[other]), `${own} ${entry[own]} is not ${wanted[other]}`);
      }
    });
  });
}
