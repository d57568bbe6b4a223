// Names and words of the fields of shipped workflows, on the canvas and in App mode, in the user's language. Pure.
import { english, translated } from "./words_model.mjs";

const WORDS = new Set([
  english`Picture`,
  english`Song`,
  english`Seed`,
  english`Prompts over time`,
  english`Width`,
  english`Height`,
  english`Picture guide strength`,
  english`Overlap seconds`,
  english`Checkpoint`,
  english`Distilled LoRA`,
  english`Text encoder`,
  english`Context latents`,
  english`Second picture`,
  english`Which picture when`,
  english`Anchor strength`,
  english`Anchor 1 frame`,
  english`Anchor 2 frame`,
  english`Anchor 3 frame`,
  english`Run name`,
  english`First`,
  english`Last`,
  english`Takes`,
  english`Window`,
  english`Start seconds`,
  english`End seconds`,
  english`Prompt`,
  english`Fade latents`,
  english`Colours held`,
  english`STG scale`,
  english`who or what is seen`,
  english`music or a talk`,
  english`lines such as 0:30+: she dances`,
  english`lines such as 1:15+: 1, the second`,
  english`pixels, a multiple of 32`,
  english`another number, another take`,
  english`latents: the more, the less blend`,
  english`the less, the more movement`,
  english`1 is usual, 0 is off`,
  english`0 is off, 1 is wholly`,
  english`empty: the run changed last`,
  english`number, 0 is the initial render`,
  english`number, -1 is the last one`,
  english`number, -1: the seconds below`,
  english`of the video, if window is -1`,
  english`empty: the prompt it was made with`,
]);

const spoken = (text) => (WORDS.has(text) ? translated(text) : text);

/** A workflow of the pack on its way to the page: changes what its fields are called. Another one stays as it is. */
export function speakFields(workflow) {
  if (workflow?.extra?.audio_loop === undefined) return;
  for (const level of [workflow, ...(workflow.definitions?.subgraphs ?? [])]) {
    for (const slot of [...(level.inputs ?? []), ...(level.nodes ?? []).flatMap((node) => node.inputs ?? [])]) {
      if (slot.label !== undefined) slot.label = spoken(slot.label);
    }
  }
  for (const [, , words] of workflow.extra.linearData?.inputs ?? []) {
    if (words?.description !== undefined) words.description = spoken(words.description);
  }
}
