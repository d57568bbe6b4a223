import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import test from "node:test";
import { isOwnText, sectionCount, SHIPPED_TEXTS, styleOf, subjectOf } from "../../../web/timeline/wishes_model.mjs";

const ROOT = new URL("../../../", import.meta.url);
const STYLES = ["cinematic", "painterly"];

test("no shipped text is taken for a user's, and none is missing", () => {
  const folders = ["example_workflows/", "example_workflows/classic/"].map((folder) => new URL(folder, ROOT));
  const paths = folders.flatMap((folder) => readdirSync(folder).map((name) => new URL(name, folder)));
  const workflows = paths.filter((path) => path.pathname.endsWith(".json")).map((path) => JSON.parse(readFileSync(path, "utf8")));
  const nodes = workflows.flatMap((each) => [each, ...(each.definitions?.subgraphs ?? [])]).flatMap((level) => level.nodes);
  const texts = nodes.filter((node) => node.type === "AudioLoopPrompts").map((node) => node.widgets_values[0]);
  assert.ok(texts.length > 8);
  assert.deepEqual([...new Set(texts)].filter((text) => !SHIPPED_TEXTS.includes(text)), []);
  const schemas = readFileSync(new URL("nodes/inputs.py", ROOT), "utf8");
  assert.ok(schemas.includes(`def schedule(default: str = "${SHIPPED_TEXTS[1]}")`));
  for (const text of SHIPPED_TEXTS) {
    assert.equal(isOwnText(`${text}\n`, ""), false);
    assert.equal(subjectOf(text), "");
  }
});

test("what the user wrote is his own, what was written from the song is not", () => {
  assert.equal(isOwnText("0:00: she sings", ""), true);
  assert.equal(isOwnText("0:00: she sings", "0:00: she sings"), false);
  assert.equal(isOwnText("0:00: she sings more", "0:00: she sings"), true);
  assert.equal(isOwnText(" \n", "x"), false);
  assert.deepEqual(["0:00: a\n0:30: b", "0:00 broken", ""].map(sectionCount), [2, 0, 0]);
});

test("who is seen is read from what all sections share", () => {
  const two = "0:00: Style: cinematic. A singer in a coat is singing, close-up\n0:30: Style: cinematic. A singer in a coat is dancing, close-up";
  assert.equal(subjectOf(two), "A singer in a coat");
  assert.equal(subjectOf("0:00: a singer, red coat, sings\n0:30: a singer, red coat, dances"), "a singer, red coat");
  assert.equal(subjectOf("0:00: Two men at a bar are talking, medium shot"), "Two men at a bar");
  assert.equal(subjectOf("Style: painterly. An old man with a beard is singing softly"), "An old man with a beard");
  for (const text of ["0:00: she sings", "0:00: she sings\n0:30: he runs", "0:00 broken", ""]) assert.equal(subjectOf(text), "");
});

test("the style is read if every section names the same known one", () => {
  assert.equal(styleOf("0:00: Style: Cinematic. A is singing\n0:30: Style: cinematic. A is dancing", STYLES), "cinematic");
  assert.equal(styleOf("0:00: Style: cinematic. A\n0:30: Style: painterly. B", STYLES), undefined);
  assert.equal(styleOf("0:00: Style: cubist. A", STYLES), undefined);
  assert.equal(styleOf("0:00: she sings", STYLES), undefined);
  assert.equal(styleOf("", STYLES), undefined);
});
