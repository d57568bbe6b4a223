// Which language the page is in, and the pack's texts in it, as ComfyUI hands out the locale files of packs.
import { app } from "../../scripts/app.js";
import { api } from "../../scripts/api.js";
import { speak } from "./words_model.mjs";

// The page waits for the answer: a server that does not give one leaves it English.
const LONGEST_WAIT_MS = 5000;

/** Puts what the pack shows into the language of the settings; English if there are no texts in it. */
export async function speakTheUsersLanguage() {
  const language = app.extensionManager?.setting?.get("Comfy.Locale");
  if (!language || language === "en") return;
  const response = await api.fetchApi("/i18n", { signal: AbortSignal.timeout(LONGEST_WAIT_MS) });
  const { [language]: texts } = await response.json();
  speak(texts?.audio_loop?.shown ?? {});
}
