// What is asked for a schedule that is written from the song: what there is to choose, and what the text so far says of it.
import { english } from "../words_model.mjs";
import { commonPrefix } from "./prefix_model.mjs";
import { readEntries } from "./schedule_model.mjs";

/** Texts that nobody wrote: of the shipped workflows, and of a node that is new. */
export const SHIPPED_TEXTS = [
  "0:00+: Style: cinematic. A singer with short dark hair in a green jacket is singing, medium close-up, static camera, locked off shot, soft stage light.",
  "0:00+: a person is singing",
];

/** What a form asks: `options` are the value, its name and, if that does not say it, what it means. */
export const FIELDS = [
  { name: "subject", kind: "text", label: english`Who is seen`, placeholder: english`such as: A singer with short dark hair in a green jacket`, first: "" },
  {
    name: "style",
    kind: "choice",
    label: english`Style`,
    first: "cinematic",
    options: [
      ["cinematic", english`cinematic`],
      ["realistic", english`realistic`],
      ["illustrated", english`illustrated`],
      ["painterly", english`painterly`],
      ["animated", english`animated`],
      ["none", english`none`, english`The prompts name no style: the picture alone decides.`],
    ],
  },
  {
    name: "tier",
    kind: "choice",
    label: english`What changes`,
    first: "2",
    options: [
      ["1", english`1: the action`, english`Face, framing, light and place stay the same: nearest to your picture.`],
      ["2", english`2: action and expression`, english`Framing, light and place stay the same.`],
      ["3", english`3: also the framing`, english`From medium shot to close-up, never far away.`],
      ["4", english`4: also the light`, english`Other light in other sections.`],
      ["5", english`5: also what moves behind`, english`Something else happens in the background of other sections.`],
      ["6", english`6: also the place`, english`Another place in other sections: furthest from your picture.`],
    ],
  },
  { name: "repeats", kind: "switch", label: english`A chorus looks like the chorus before it`, first: true },
  { name: "montage", kind: "switch", label: english`Montage: prompts change more often`, first: false },
  {
    name: "kind",
    kind: "choice",
    label: english`It is`,
    first: "auto",
    options: [
      ["auto", english`found by listening`],
      ["music", english`music`],
      ["standup", english`stand-up`, english`One person tells jokes; the room laughs.`],
      ["dialogue", english`a dialogue`, english`People talk.`],
    ],
  },
  { name: "picture", kind: "words", label: english`Your picture`, placeholder: english`what it shows: place, light, clothes`, first: "" },
  { name: "variation", kind: "number", label: english`Variation`, first: 0, help: english`Another number writes other words.` },
];

const STYLE = /^\s*style:\s*([^.,;:]+)[.,;:]\s*/i;
const OWN_VERB = /^(.*?)\s+(?:is|are)\s+\p{L}+ing\b/su;

function entriesOf(text) {
  try {
    return readEntries(text).map((entry) => entry.text);
  } catch {
    return [];
  }
}

/** Whether replacing the text loses words of the user's: `written` is what was written last from the song. */
export const isOwnText = (text, written) => text.trim() !== "" && text !== written && !SHIPPED_TEXTS.includes(text.trim());

/** How many sections a text has that are lost if it is replaced; 0 if it does not read. */
export const sectionCount = (text) => entriesOf(text).length;

/**
 * Who is seen, by the beginning that all sections of a text share, or by what stands in front of "is singing" in its only one;
 * "" if it does not say, or if nobody wrote it.
 */
export function subjectOf(text) {
  if (SHIPPED_TEXTS.includes(text.trim())) return "";
  const entries = entriesOf(text);
  if (entries.length === 1) return OWN_VERB.exec(entries[0].replace(STYLE, ""))?.[1].trim() ?? "";
  const words = commonPrefix(text).replace(STYLE, "");
  return words.replace(/(?:\s+(?:is|are))?[\s,.;:]*$/i, "").trim();
}

/** The style that a text names, if it is one of these; else undefined. */
export function styleOf(text, styles) {
  const named = entriesOf(text).map((entry) => STYLE.exec(entry)?.[1].trim().toLowerCase());
  return styles.find((style) => named.length > 0 && named.every((each) => each === style));
}

/** What stands in the form at first: what the text says, else what was asked before, else the usual. */
export function firstWishes(text, saved = {}) {
  const known = Object.fromEntries(FIELDS.map(({ name, first }) => [name, typeof saved[name] === typeof first ? saved[name] : first]));
  const { options } = FIELDS.find(({ name }) => name === "style");
  const style = styleOf(text, options.map(([value]) => value));
  return { ...known, subject: subjectOf(text) || known.subject, style: style ?? known.style };
}

/** The form's values as the route takes them. */
export const wishesOf = ({ tier, repeats, picture, ...same }) => ({
  ...same,
  diversity: `${tier}${repeats ? "a" : "b"}`,
  image_description: picture,
});
