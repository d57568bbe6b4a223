import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import test from "node:test";
import { isShipped, places, putInto, wordsIn } from "../../../web/workflow_words_model.mjs";

const ROOT = new URL("../../../", import.meta.url);
const read = (path) => JSON.parse(readFileSync(new URL(path, ROOT), "utf-8"));
const files = ["example_workflows/", "example_workflows/classic/"].flatMap((folder) =>
  readdirSync(new URL(folder, ROOT))
    .filter((name) => name.endsWith(".json"))
    .map((name) => folder + name),
);
const chinese = read("locales/zh/main.json").audio_loop.workflows;
const toChinese = () => wordsIn({ zh: chinese }, "zh");
const toEnglish = () => wordsIn({ zh: chinese }, "en");
/** Names of values, which stay as they are: `seed`, and those by which KJNodes finds its values. */
const NAME = /^(Get|Set)_\w+$|^[a-z_]+$/;
const textsOf = (workflow) => [...places(workflow)].map(([holder, key]) => holder[key]).filter((text) => text && !NAME.test(text));

test("every text of the shipped workflows has a Chinese one, and none is left over", () => {
  const texts = new Set(files.flatMap((path) => textsOf(read(path))));
  assert.ok(texts.size > 120);
  assert.deepEqual([...texts].filter((text) => !Object.hasOwn(chinese, text)), [], "these lack a text in locales/zh/main.json");
  assert.deepEqual(Object.keys(chinese).filter((text) => !texts.has(text)), [], "these stand in no workflow any more");
});

test("a Chinese text is Chinese, is that of one text only, and keeps links and names", () => {
  const said = Object.values(chinese);
  assert.equal(new Set([...said, ...Object.keys(chinese)]).size, 2 * said.length);
  assert.deepEqual(said.filter((text) => !/[\u4e00-\u9fff]/.test(text)), []);
  const kept = (text) => (text.match(/\]\([^)]+\)|`[^`]+`|_?[a-z]+_[a-z_]+|\d+x\d+/g) ?? []).sort();
  for (const [english, text] of Object.entries(chinese)) assert.deepEqual(kept(text), kept(english), english);
});

test("a shipped workflow comes back from Chinese to the byte", () => {
  for (const path of files) {
    const workflow = read(path);
    assert.ok(isShipped(workflow), path);
    putInto(toChinese(), workflow);
    assert.deepEqual(textsOf(workflow).filter((text) => Object.hasOwn(chinese, text)), [], path);
    assert.notDeepEqual(workflow, read(path));
    putInto(toEnglish(), workflow);
    assert.deepEqual(workflow, read(path), path);
  }
});

test("what the user wrote stays", () => {
  const [english] = Object.keys(chinese);
  const workflow = { nodes: [{ type: "Note", title: `${english} `, widgets_values: [`${english}\n`] }, { type: "Text", widgets_values: [english] }] };
  const before = structuredClone(workflow);
  putInto(toChinese(), workflow);
  assert.deepEqual(workflow, before);
  assert.equal(isShipped(workflow), false);
  assert.equal(isShipped({ extra: { audio_loop: { revision: 1 } } }), false);
});

test("a language without texts shows English, whatever the file was saved in", () => {
  const [[english, text]] = Object.entries(chinese);
  const words = wordsIn({ zh: { [english]: text }, fr: { [english]: "oui" } }, "de");
  assert.deepEqual([words.get(text), words.get("oui"), words.get(english)], [english, english, undefined]);
  const french = wordsIn({ zh: { [english]: text }, fr: { [english]: "oui" } }, "fr");
  assert.deepEqual([french.get(text), french.get(english)], ["oui", "oui"]);
});
