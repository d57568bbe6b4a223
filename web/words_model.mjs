// The language that the page is in: English texts stand in the code and are put into it where they are shown. Without the page,
// tested by `node --test`.
//
//   t`step ${step} of ${steps}`     in the user's language now
//   english`Split`                      marks a text of a table that `translated` puts into it later
//
// A translation is found by the English text, its values as {0}, {1} ... A text that has none stays English.

let spoken = {};

/** What is shown from now on: translations by English text; {} is English. */
export function speak(translations) {
  spoken = translations;
}

/** A text as translations are found by it: its values are {0}, {1} ... */
export const keyOf = (strings) => strings.reduce((key, each, index) => `${key}{${index - 1}}${each}`);

/** A text without values in the user's language. */
export const translated = (text) => (Object.hasOwn(spoken, text) ? spoken[text] : text);

/** Tag of a text that is shown: gives it in the user's language, its values in their places. */
export function t(strings, ...values) {
  return translated(keyOf(strings)).replace(/\{(\d+)\}/g, (hole, index) => (index in values ? String(values[index]) : hole));
}

/** Tag of a text without values that is shown later, by `translated`: gives it as it is. */
export const english = (strings) => strings[0];
