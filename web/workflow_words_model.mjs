// Texts of shipped workflows in the user's language: titles, notes and labels in a workflow as it is saved. Pure, tested by
// `node --test`.

const NOTES = new Set(["MarkdownNote", "Note"]);

/** Whether a workflow is one of the pack, or was made from one: the files say so themselves. */
export const isShipped = (workflow) => typeof workflow?.extra?.audio_loop?.name === "string";

/** Where a workflow has texts for people, as [object, key]: titles, notes, labels, names of chapters, hints of its app. */
export function* places(workflow) {
  for (const [, , options] of workflow.extra?.linearData?.inputs ?? []) if (options) yield [options, "description"];
  const chapters = workflow.definitions?.subgraphs ?? [];
  for (const chapter of chapters) yield [chapter, "name"];
  for (const graph of [workflow, ...chapters]) {
    for (const group of graph.groups ?? []) yield [group, "title"];
    // A graph's own sockets are those of a chapter.
    for (const holder of [graph, ...(graph.nodes ?? [])]) {
      for (const socket of [...(holder.inputs ?? []), ...(holder.outputs ?? [])]) yield [socket, "label"];
    }
    for (const node of graph.nodes ?? []) {
      yield [node, "title"];
      if (NOTES.has(node.type) && Array.isArray(node.widgets_values)) yield [node.widgets_values, 0];
    }
  }
}

/**
 * What stands for a text in a language.
 *
 * @param {Record<string, Record<string, string>>} translations language -> English text -> text
 * @param {string} language one of them, or any other for English
 * @returns {Map<string, string>} text in any language -> text in this one
 */
export function wordsIn(translations, language) {
  const own = translations[language] ?? {};
  const words = new Map(Object.entries(own));
  for (const [other, texts] of Object.entries(translations)) {
    if (other !== language) for (const [english, text] of Object.entries(texts)) words.set(text, own[english] ?? english);
  }
  return words;
}

/** Changes the texts of a workflow that are, to the byte, shipped ones; what the user wrote stays. */
export function putInto(words, workflow) {
  for (const [holder, key] of places(workflow)) {
    if (words.has(holder[key])) holder[key] = words.get(holder[key]);
  }
}
