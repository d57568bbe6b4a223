import assert from "node:assert/strict";
import { test } from "node:test";
import { QueuedTabs } from "../../../web/queued_tabs_model.mjs";

test("renders start in the order in which they were queued, whichever tab is open then", () => {
  const tabs = new QueuedTabs();
  tabs.queued("A", 2);
  tabs.queued("B", 1);
  for (const id of ["1", "2", "3"]) tabs.started(id, "C");
  assert.deepEqual(["1", "2", "3"].map((id) => tabs.of(id)), ["A", "A", "B"]);
  tabs.started("1", "C");
  assert.equal(tabs.of("1"), "A");
  assert.equal(tabs.of("4"), undefined);
});

test("a render that starts before it is known to be queued is of the tab that is open", () => {
  const tabs = new QueuedTabs();
  tabs.started("1", "A");
  tabs.queued("A", 1);
  tabs.queued("B", 1);
  tabs.started("2", "A");
  assert.deepEqual([tabs.of("1"), tabs.of("2")], ["A", "B"]);
});

test("what was taken out of the queue is forgotten when nothing waits", () => {
  const tabs = new QueuedTabs();
  tabs.queued("A", 3);
  tabs.idle();
  tabs.started("1", "B");
  assert.equal(tabs.of("1"), "B");
});
