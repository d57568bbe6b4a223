// Which language the page is in, and the pack's texts in it, as ComfyUI hands out the locale files of packs.
import { app } from "../../scripts/app.js";
import { api } from "../../scripts/api.js";
import { speak } from "./words_model.mjs";
import { isShipped, putInto, wordsIn } from "./workflow_words_model.mjs";

const ENGLISH = "en";
// The page waits for the answer: a server that does not give one leaves it English.
const LONGEST_WAIT_MS = 5000;
const FOREIGN = /[\u4e00-\u9fff]/;
let asked = null;

const userLanguage = () => app.extensionManager?.setting?.get("Comfy.Locale") ?? ENGLISH;

/** The pack's part of the locale files, by language. */
async function localeTexts() {
  asked ??= api.fetchApi("/i18n", { signal: AbortSignal.timeout(LONGEST_WAIT_MS) }).then((response) => response.json());
  try {
    const languages = Object.entries(await asked).filter(([, texts]) => texts.audio_loop);
    return Object.fromEntries(languages.map(([language, texts]) => [language, texts.audio_loop]));
  } catch (error) {
    asked = null;
    throw error;
  }
}

/** Puts what the pack shows into the language of the settings; English if there are no texts in it. */
export async function speakTheUsersLanguage() {
  const language = userLanguage();
  if (language !== ENGLISH) speak((await localeTexts())[language]?.shown ?? {});
}

/** Puts the texts of a shipped workflow into the language of the settings, before it is opened. */
export async function translateWorkflow(workflow) {
  const language = userLanguage();
  if (!isShipped(workflow) || (language === ENGLISH && !FOREIGN.test(JSON.stringify(workflow)))) return;
  const translations = Object.entries(await localeTexts()).map(([other, texts]) => [other, texts.workflows ?? {}]);
  putInto(wordsIn(Object.fromEntries(translations), language), workflow);
}
