import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import * as edit from "../../../web/timeline/edit_model.mjs";
import { gridOf, latenessText, seenAt, snapTime } from "../../../web/timeline/grid_model.mjs";
import { commandOf, sectionWords } from "../../../web/timeline/keys_model.mjs";
import { commonPrefix, setCommonPrefix } from "../../../web/timeline/prefix_model.mjs";
import { readEntries } from "../../../web/timeline/schedule_model.mjs";
import { linesOf, parseSchedule } from "../../../web/timeline/schedule_model.mjs";
import { sectionHues, similarity } from "../../../web/timeline/similarity_model.mjs";
import { timeText } from "../../../web/timeline/time_model.mjs";
import { shownOf } from "../../../web/timeline/shown_model.mjs";
import { ticks, toPx, toSeconds, wholeSong, zoomed, scrolled } from "../../../web/timeline/zoom_model.mjs";

const { cases } = JSON.parse(readFileSync(new URL("../../golden/timeline/cases.json", import.meta.url), "utf8"));
const GRID = gridOf(cases[0].grid);
const SONG = 180;
const refused = (message) => (error) => error instanceof edit.EditRefused && message.test(error.message);

const TEXT = "# verse\r\n0:00: a singer, red coat\r\n  in the rain\r\n\r\n0:30: a singer, red coat, dancing # not a comment\r\n1:15+: a singer, red coat, alone";

test("a start moves and everything else stays", () => {
  assert.equal(edit.moveStart(TEXT, 1, 41), TEXT.replace("0:30:", "0:41:"));
  assert.equal(edit.moveStart(TEXT, 2, 80.456), TEXT.replace("1:15+", "1:20.46+"));
  assert.equal(edit.moveStart("0:00-0:36: a\n0:36-1:00: b", 1, 40), "0:00-0:40: a\n0:40-1:00: b");
  assert.equal(edit.moveStart("\ufeff\uff10\uff1a\uff10\uff10\uff1a a\n\uff13\uff10\uff1a b", 1, 41), "\ufeff\uff10\uff1a\uff10\uff10\uff1a a\n0:41\uff1a b");
});

test("a start cannot cross its neighbours", () => {
  assert.throws(() => edit.moveStart(TEXT, 1, 0), refused(/before the one in front/));
  assert.throws(() => edit.moveStart(TEXT, 1, 75), refused(/behind its end, 1:15/));
  assert.throws(() => edit.moveStart("she sings", 0, 5), refused(/has no times/));
  assert.throws(() => edit.moveStart("0:00 she sings", 0, 5), refused(/line 1: expected a colon/));
});

test("a section is split into two with the same words", () => {
  assert.equal(edit.split("0:00: a\n0:30: b", 12.5), "0:00: a\n0:12.5: a\n0:30: b");
  assert.equal(edit.split("0:00-1:00: a\n1:00-2:00: b\n", 90), "0:00-1:00: a\n1:00-1:30: b\n1:30-2:00: b\n");
  assert.equal(edit.split("she sings", 20), "0:00: she sings\n0:20: she sings");
  assert.equal(edit.split("0:00: a\n  more\n# note", 20), "0:00: a\n  more\n0:20: a more\n# note");
  assert.throws(() => edit.split("0:00: a\n0:30: b", 30), refused(/Line 2 begins at 0:30 already/));
  assert.throws(() => edit.split("0:00: a", 0), refused(/begins at 0:00 already/));
  assert.throws(() => edit.split("she sings\nshe dances", 20), refused(/several lines without times/));
  assert.equal(edit.split("0:05: a", 0), "0:05: a\n0:00: a");
});

test("sections are joined, removed, doubled and inserted", () => {
  assert.equal(edit.join("0:00: a\n0:30: b\n  more\n# c\n1:00: d", 0), "0:00: a\n# c\n1:00: d");
  assert.equal(edit.join("0:00-0:30: a\n0:30-1:00: b\n", 0), "0:00-1:00: a\n");
  assert.equal(edit.join("0:00-0:30: a\n0:30+: b", 0), "0:00+: a");
  assert.throws(() => edit.join("0:00: a\n0:30: b", 1), refused(/no section behind/));
  assert.equal(edit.remove("0:00: a\n0:30: b\n", 1), "0:00: a\n");
  assert.equal(edit.remove("0:00: a\n0:30: b", 1), "0:00: a");
  assert.throws(() => edit.remove("0:00: a", 0), refused(/only section/));
  assert.equal(edit.duplicate("0:00: a\n0:30: b", 0, SONG), "0:00: a\n0:15: a\n0:30: b");
  assert.equal(edit.duplicate("0:00: a\n0:30: b", 1, SONG), "0:00: a\n0:30: b\n1:45: b");
  assert.equal(edit.insert("0:00: a\n0:30: b", 40), "0:00: a\n0:30: b\n0:40: describe what is seen here");
  assert.equal(edit.insert("# note\n", 40), "# note\n0:00: describe what is seen here");
  assert.equal(edit.insert("", 40), "0:00: describe what is seen here");
});

test("sections are distributed evenly in the order of their times", () => {
  assert.equal(edit.distribute("0:50: b\n0:00: a\n1:40-2:00: c", SONG), "1:00: b\n0:00: a\n2:00-3:00: c");
  assert.throws(() => edit.distribute("0:00: a", SONG), refused(/one section only/));
  assert.throws(() => edit.distribute("0:00: a\n0:01: b\n0:02: c", 0.01), refused(/too short/));
});

test("words are changed in place", () => {
  assert.equal(edit.setWords(TEXT, 1, "she runs"), TEXT.replace("a singer, red coat, dancing # not a comment", "she runs"));
  assert.equal(edit.setWords("0:00: a\n  more\n# c\n", 0, "x\ny\n# z"), "0:00: x\n  y # z\n# c\n");
  assert.equal(edit.setWords("a\n", 0, "b"), "b\n");
  assert.equal(edit.setWords("she sings\n# c\nshe dances\n", 0, "x"), "x\n# c\n");
  assert.throws(() => edit.setWords("she sings", 0, "0:15: x"), refused(/would be read as one/));
  assert.throws(() => edit.setWords("0:00: a", 0, " \n "), refused(/needs words/));
});

test("the beginning that all share is found and changed in all alike", () => {
  assert.equal(commonPrefix(TEXT), "a singer, ");
  const three = "0:00: a singer, red coat, sings\n  on\n0:30: a singer, red coat, dances";
  assert.equal(commonPrefix(three), "a singer, red coat, ");
  assert.equal(setCommonPrefix(three, "a boy, blue hat"), "0:00: a boy, blue hat, sings\n  on\n0:30: a boy, blue hat, dances");
  assert.equal(commonPrefix(setCommonPrefix("0:00: sings\n0:30: dances", "a boy")), "a boy, ");
  assert.equal(setCommonPrefix(three, ""), "0:00: sings\n  on\n0:30: dances");
  assert.equal(commonPrefix("0:00: a, b"), "");
  assert.equal(commonPrefix("0:00 broken"), "");
  assert.throws(() => setCommonPrefix("0:00 broken", "a"), refused(/line 1/));
  assert.throws(() => setCommonPrefix(three, "a\nb"), refused(/one line/));
});

test("what all share may end behind a word: sections that go on without a comma", () => {
  const two = "0:00: a singer in a coat is singing, close-up\n0:30: a singer in a coat is dancing, close-up";
  assert.equal(commonPrefix(two), "a singer in a coat is ");
  assert.equal(setCommonPrefix(two, "a boy in a hat is"), "0:00: a boy in a hat is singing, close-up\n0:30: a boy in a hat is dancing, close-up");
  assert.equal(commonPrefix("0:00: she is singing\n0:30: she is dancing"), "");
  const styled = "0:00: Style: cinematic. A singer in a coat is singing\n0:30: Style: cinematic. A singer in a coat is dancing";
  assert.equal(commonPrefix(styled), "Style: cinematic. A singer in a coat is ");
  assert.equal(setCommonPrefix(styled, "Style: painterly. A boy is").split("\n")[1], "0:30: Style: painterly. A boy is dancing");
  const long = "0:00: a singer in a\n  coat\n0:30: a singer in a\n  hat";
  assert.equal(commonPrefix(long), "a singer in a ");
  assert.deepEqual(readEntries(setCommonPrefix(long, "a boy in a")).map((entry) => entry.text), ["a boy in a coat", "a boy in a hat"]);
});

// A linear congruential generator: the same texts at every run.
function random(seed) {
  let state = seed;
  return (below) => (state = (state * 1103515245 + 12345) % 2147483648) % below;
}

function randomText(pick) {
  const count = 1 + pick(6);
  const starts = new Set([0]);
  while (starts.size < count) starts.add(1 + pick(170));
  const end = ["\n", "\r\n"][pick(2)];
  const lines = [...starts].sort(() => pick(3) - 1).flatMap((start) => {
    const head = [`${timeText(start)}:`, `${timeText(start)}-${timeText(start + 1 + pick(20))}:`, `${timeText(start)}+:`][pick(3)];
    return [`${head} words ${pick(100)}`, ...(pick(3) ? [] : ["   more of it"]), ...(pick(4) ? [] : ["# note"]), ...(pick(5) ? [] : [""])];
  });
  return lines.join(end) + (pick(2) ? end : "");
}

test("edits of 3000 texts read, keep what they do not mean, and are undone by the text before", () => {
  const pick = random(7);
  const counts = {};
  for (let round = 0; round < 3000; round++) {
    const text = randomText(pick);
    const before = parseSchedule(text, GRID).entries;
    const index = pick(before.length);
    const second = 0.5 + pick(350) / 2;
    const [name, change, more] = [
      ["moveStart", (each) => edit.moveStart(each, index, second), 0],
      ["split", (each) => edit.split(each, second), 1],
      ["join", (each) => edit.join(each, index), -1],
      ["remove", (each) => edit.remove(each, index), -1],
      ["duplicate", (each) => edit.duplicate(each, index, SONG), 1],
      ["distribute", (each) => edit.distribute(each, SONG), 0],
      ["setWords", (each) => edit.setWords(each, index, "other words"), 0],
    ][pick(7)];
    let changed;
    try {
      changed = change(text);
    } catch (error) {
      assert.ok(error instanceof edit.EditRefused, `${name} of ${JSON.stringify(text)}: ${error.stack}`);
      continue;
    }
    counts[name] = (counts[name] ?? 0) + 1;
    const after = parseSchedule(changed, GRID);
    assert.deepEqual(after.errors, [], `${name} ${index} ${second} of ${JSON.stringify(text)} gives ${JSON.stringify(changed)}`);
    assert.equal(after.entries.length, before.length + more, `${name} of ${JSON.stringify(text)}`);
    const notes = (each) => linesOf(each).map((line) => line.written).filter((line) => line.startsWith("#"));
    assert.deepEqual(notes(changed), notes(text), name);
    if (name === "setWords") assert.equal(after.entries[index].text, "other words");
    if (name === "moveStart") {
      assert.ok(Math.abs(after.entries[index].startSeconds - second) < 1e-9);
      assert.deepEqual(after.entries.map((entry) => entry.text), before.map((entry) => entry.text));
    }
  }
  for (const [name, count] of Object.entries(counts)) assert.ok(count > 50, `${name}: ${count}`);
  assert.equal(Object.keys(counts).length, 7);
});

test("a moment says when it is seen", () => {
  assert.equal(seenAt(45, GRID), 37.8);
  assert.equal(latenessText(45, GRID), "seen at 0:37.80, 7.2 s early");
  assert.equal(latenessText(35.5, GRID), "seen at 0:37.80, 2.3 s late");
  assert.equal(latenessText(0, GRID), "seen at 0:00.00, as asked");
  assert.equal(latenessText(200, GRID), "never seen: the video is over");
  assert.equal(snapTime(41, GRID), 37.8);
  assert.equal(snapTime(999, GRID), GRID.seen[GRID.seen.length - 1]);
});

test("times are written as people write them", () => {
  assert.deepEqual([0, 5, 65.5, 59.999, 3600, 41.25].map(timeText), ["0:00", "0:05", "1:05.5", "1:00", "1:00:00", "0:41.25"]);
});

test("a view keeps its place under the pointer and stays in the song", () => {
  const near = zoomed(wholeSong(100), 4, 50, 100);
  assert.deepEqual(near, { from: 37.5, to: 62.5 });
  assert.equal(toPx(50, near, 200), 100);
  assert.equal(toSeconds(100, near, 200), 50);
  assert.deepEqual(zoomed(near, 0.01, 50, 100), wholeSong(100));
  assert.deepEqual(scrolled(near, 1000, 100), { from: 75, to: 100 });
  assert.deepEqual(ticks(wholeSong(100), 1000), [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
  assert.equal(ticks(wholeSong(1800), 900).length, 7);
});

test("sections with the same words have the same colour, others turn as far as they differ", () => {
  assert.equal(similarity("a b c", "A, b; d"), 0.5);
  const [verse, chorus, again] = sectionHues(["she sings", "he drives a car", "she sings"]);
  assert.equal(verse, again);
  assert.notEqual(verse, chorus);
});

test("keys mean commands, and a section has words", () => {
  const keys = [{ key: " " }, { key: "S" }, { key: "b", ctrlKey: true }, { key: "Delete" }, { key: "c", ctrlKey: true }, { key: "x" }];
  assert.deepEqual(keys.map(commandOf), ["play", "split", "split", "remove", undefined, undefined]);
  const [entry] = parseSchedule("0:00: she sings", GRID).entries;
  assert.equal(sectionWords(entry, 1, 2, 30), "Section 1 of 2, 0:00.00 to 0:30.00, seen from 0:00.00: she sings");
  assert.match(sectionWords({ ...entry, seenSeconds: null }, 1, 2, 30), /never seen/);
  const [unknown] = parseSchedule("0:00: she sings").entries;
  assert.equal(sectionWords(unknown, 1, 1, 60), "Section 1 of 1, 0:00.00 to 1:00.00: she sings");
});

test("40 sections on a 30-minute song: a drag's frame costs little (told, not asserted)", (t) => {
  const exact = { fps_exact: "25", stride_px: 448, overlap_px: 49, song_seconds: 1800, end_seconds: 1800, windows: 101 };
  const grid = gridOf(exact);
  const text = Array.from({ length: 40 }, (_, number) => `${timeText(number * 45)}: a singer, red coat, scene ${number}`).join("\n");
  const times = [];
  for (let round = 0; round < 60; round++) {
    const begun = performance.now();
    const { sections } = shownOf(edit.moveStart(text, 20, 880 + round / 2), grid);
    assert.equal(sections.length, 40);
    times.push(performance.now() - begun);
  }
  times.sort((a, b) => a - b);
  t.diagnostic(`median ${times[30].toFixed(2)} ms, slowest ${times[59].toFixed(2)} ms`);
});
