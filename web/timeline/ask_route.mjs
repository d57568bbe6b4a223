// Asks the timeline's routes of the server; what they refuse is thrown as their sentence.
import { api } from "../../../scripts/api.js";
import { Refusal } from "./asking_model.mjs";
import { t } from "../words_model.mjs";

/** The answer of a route to a query. */
export async function ask(path, query) {
  const response = await api.fetchApi(`/audio_loop/timeline/${path}?${new URLSearchParams(query)}`);
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refusal(answer.error ?? t`ComfyUI answered ${response.status}`, response.status);
  return answer;
}
