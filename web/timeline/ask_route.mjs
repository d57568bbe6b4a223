// Asks the timeline's routes of the server; what they refuse is thrown as their sentence.
import { api } from "../../../scripts/api.js";
import { Refusal } from "./asking_model.mjs";
import { t } from "../words_model.mjs";

async function answered(path, options) {
  const response = await api.fetchApi(`/audio_loop/timeline/${path}`, options);
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refusal(answer.error ?? t`ComfyUI answered ${response.status}`, response.status);
  return answer;
}

export const ask = (path, query) => answered(`${path}?${new URLSearchParams(query)}`);

export const send = (path, data) =>
  answered(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(data) });
