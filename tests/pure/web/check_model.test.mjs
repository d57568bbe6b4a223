import assert from "node:assert/strict";
import { test } from "node:test";
import { banner, cards, planSentence, promptRows, windowRows } from "../../../web/check/check_model.mjs";

const finding = (severity, node, more = {}) => ({
  severity,
  node,
  line: null,
  where: `node ${node}`,
  message: `fault of ${node}`,
  seen: "a",
  why: "b",
  mend: "c",
  explanation: null,
  ...more,
});

const plan = {
  song_seconds: 50,
  window_seconds: 19.88,
  stride_seconds: 17.92,
  windows: [
    { index: 0, hears: [0, 19.88], shows: [0, 19.88] },
    { index: 1, hears: [17.92, 37.8], shows: [19.88, 37.8] },
  ],
};

test("the line on top is green only if nothing is found", () => {
  assert.deepEqual(banner({ verdict: "OK: nothing found", errors: 0, warnings: 0 }), { kind: "ok", text: "OK: nothing found" });
  assert.equal(banner({ verdict: "1 warning", errors: 0, warnings: 1 }).kind, "warning");
  assert.equal(banner({ verdict: "1 error, 1 warning", errors: 1, warnings: 1 }).kind, "error");
});

test("errors come first, warnings that are meant last, each with its node", () => {
  const findings = [finding("WARN", "3", { explanation: "it is meant" }), finding("WARN", "2"), finding("ERR", "2300:161", { line: 4 })];
  const made = cards({ findings });
  assert.deepEqual(
    made.map(({ kind, node, line }) => [kind, node, line]),
    [
      ["error", "2300:161", 4],
      ["warning", "2", null],
      ["meant", "3", null],
    ],
  );
  assert.deepEqual(made[0].rows, [
    ["You see", "a"],
    ["Why", "b"],
    ["Mend", "c"],
  ]);
  assert.deepEqual(made[2].rows, [["Meant", "it is meant"]]);
  assert.equal(findings[0].node, "3", "the answer is unchanged");
});

test("the plan is told in a sentence and a table, and no plan in none", () => {
  assert.equal(planSentence({ plan }), "Song 0:50.00: 2 windows of 19.88 s, a new one every 17.92 s.");
  assert.equal(planSentence({ plan: { ...plan, windows: plan.windows.slice(0, 1) } }), "Song 0:50.00: 1 window.");
  assert.deepEqual(windowRows({ plan })[1], ["1", "0:17.92 \u2013 0:37.80", "0:19.88 \u2013 0:37.80"]);
  assert.equal(planSentence({ plan: null }), "");
  assert.deepEqual(windowRows({ plan: null }), []);
});

test("prompts say when they are seen and how far off", () => {
  const row = (asked_seconds, seen_seconds) => promptRows({ prompts: [{ line: 2, asked_seconds, seen_seconds, text: "a singer" }] })[0];
  assert.deepEqual(row(35.5, 37.8), ["2", "0:35.50", "0:37.80, 2.3 s late", "a singer"]);
  assert.equal(row(40, 37.8)[2], "0:37.80, 2.2 s early");
  assert.equal(row(37.8, 37.8)[2], "0:37.80");
  assert.equal(row(49, null)[2], "never");
});
