import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { gridOf } from "../../../web/timeline/grid_model.mjs";
import { lostWords, nearestSeconds } from "../../../web/timeline/lost_model.mjs";
import { parseSchedule } from "../../../web/timeline/schedule_model.mjs";
import { saysOf } from "../../../web/timeline/says_model.mjs";
import { shownOf } from "../../../web/timeline/shown_model.mjs";
import { timeText } from "../../../web/timeline/time_model.mjs";

const { cases } = JSON.parse(readFileSync(new URL("../../golden/timeline/cases.json", import.meta.url), "utf8"));
const GRID = gridOf(cases[0].grid);
const IDLE = { grid: GRID, selected: 0, wired: false, message: "", says: "", reading: "", isDragging: false };
const TWO_IN_ONE = "0:00: a\n0:20: b\n0:22: c\n0:38: d";

const says = (text, state = {}) => saysOf(shownOf(text, GRID), { ...IDLE, text, ...state });

test("of two sections in one window one is never seen, and the nearest place that would do is told", () => {
  const { sections } = shownOf(TWO_IN_ONE, GRID);
  assert.deepEqual(sections.map((each) => each.isLost), [false, true, false, false]);
  const told = says(TWO_IN_ONE);
  assert.equal(told.line, 2);
  assert.equal(told.isWrong, true);
  const every = "windows start only every 17.92 s and other sections have those near";
  assert.equal(told.words, `Line 2, asked for 0:20.00, is never seen: ${every}; it would be seen at 0:55.72. Section 1 of 4, 0:00.00 to 0:20.00, seen from 0:00.00: a`);
  const both = says("0:00: a\n0:18: b\n0:22: c\n0:36: d\n0:40: e", { selected: 3 });
  assert.equal(both.line, 4);
  assert.match(both.words, /^Line 4, .*seen at 0:55\.72\. \(2 of 5 are never seen: red stripes\.\)$/);
});

test("what lies behind the end, or has no room at all, is told as such", () => {
  const late = parseSchedule("0:00: a\n9:00: b", GRID).entries[1];
  assert.equal(lostWords(late, "0:00: a\n9:00: b", GRID), "Line 2, asked for 9:00.00, is never seen: the video ends at 3:00.00.");
  const full = Array.from({ length: 12 }, (_, number) => `${timeText(number * 15)}: words ${number}`).join("\n");
  const lost = parseSchedule(full, GRID).entries.find((entry) => entry.seenSeconds === null);
  assert.equal(nearestSeconds(full, GRID, lost.index), null);
  assert.match(lostWords(lost, full, GRID), /join it with a neighbour, or write fewer sections\.$/);
});

test("a section moved to the place that is told is seen, and nobody is lost by that", () => {
  let told = 0;
  for (const { text, grid: answer } of cases.slice(0, 120)) {
    const grid = gridOf(answer);
    const { entries } = parseSchedule(text, grid);
    if (entries.some((entry) => entry.form === "range" || entry.isPlain || entry.lastLine !== entry.line)) continue;
    for (const entry of entries.filter((each) => each.seenSeconds === null)) {
      const seconds = nearestSeconds(text, grid, entry.index);
      if (seconds === null) continue;
      told += 1;
      const lines = text.split("\n");
      lines[entry.line - 1] = `${seconds.toFixed(4)}${entry.form === "open" ? "+" : ""}: moved`;
      const after = parseSchedule(lines.join("\n"), grid).entries;
      assert.notEqual(after[entry.index].seenSeconds, null, `${text} -> ${lines.join("\n")}`);
      for (const other of entries) if (other.seenSeconds !== null) assert.notEqual(after[other.index].seenSeconds, null, text);
    }
  }
  assert.ok(told > 10, `${told}`);
});

test("what matters most is said: wired, a bad line, a refusal, what is amiss, then the section", () => {
  assert.match(says(TWO_IN_ONE, { wired: true }).words, /comes from another node/);
  assert.deepEqual(says("0:00 a"), { words: "Line 1: expected a colon and a prompt behind '0:00', such as '0:00: she sings'", isWrong: true, line: 1 });
  assert.equal(says(TWO_IN_ONE, { message: "No." }).words, "No.");
  assert.equal(says(TWO_IN_ONE, { says: "Choose a song." }).words, "Choose a song.");
  assert.match(says("0:00: a", { reading: "Reading the song …" }).words, /^Reading the song … Section 1 of 1/);
  // While an edge is dragged there is no time to look for places.
  assert.match(says(TWO_IN_ONE, { isDragging: true }).words, /^Section 1 of 4/);
});
