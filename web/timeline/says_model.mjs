// The sentence under the timeline, and the line of text that it is about. Pure, tested by `node --test`.
import { english, t, translated } from "../words_model.mjs";
import { sectionWords } from "./keys_model.mjs";
import { lostWords } from "./lost_model.mjs";
import { PROMPTS } from "./prompt_words_model.mjs";

const WIRED = english`The schedule comes from another node: it is shown here as this node last had it, and cannot be edited here.`;

/** How the timeline is used, for who has not clicked into it. */
export const MOUSE_HELP =
  english`Drag the handle at the left of a section to move it. Double-click a section to write. Click to place the red line, then Split or Insert.`;

/** Its keys, for who has. */
export const KEY_HELP =
  english`Space plays, arrows move, S splits, Enter writes, Delete removes, I and O loop, + and − or the wheel zoom, Alt drags freely.`;

/** Which section is told of first among those that are never seen: the chosen one, else the first. */
const lostOf = (sections, selected) => {
  const lost = sections.filter((each) => each.isLost);
  return { count: lost.length, told: lost.find((each) => each.index === selected) ?? lost[0] };
};

/**
 * @param {{read: object, sections: object[]}} shown of `shownOf`
 * @param {{text: string, grid: object | null, selected: number, wired: boolean, message: string, says: string, reading: string,
 *   isDragging: boolean, kind?: object, refusal?: {line: number | null, message: string}}} state `kind` of what the text says, as
 *   `PROMPTS`; `refusal`: why a node would refuse a text that reads
 * @returns {{words: string, isWrong: boolean, line: number | null}} `line` of the text that has to be changed
 */
export function saysOf({ read, sections }, { text, grid, selected, wired, message, says, reading, isDragging, kind = PROMPTS, refusal }) {
  const error = read.errors[0] ?? refusal;
  if (wired) return { words: translated(WIRED), isWrong: false, line: null };
  if (error) {
    const words = error.line === null ? t`The text ${error.message}` : t`Line ${error.line}: ${error.message}`;
    return { words, isWrong: true, line: error.line };
  }
  if (message) return { words: message, isWrong: true, line: null };
  if (says) return { words: says, isWrong: false, line: null };
  const number = sections.findIndex((each) => each.index === selected);
  const section = sections[number];
  const own = section ? sectionWords(section, number + 1, sections.length, section.to, kind) : "";
  const { count, told } = lostOf(sections, selected);
  const head = reading ? `${reading} ` : "";
  // Which place would do takes longer to find than a frame has while an edge is dragged.
  if (count === 0 || isDragging) return { words: head + own, isWrong: false, line: null };
  const more = count > 1 ? t` (${count} of ${sections.length} are never seen: red stripes.)` : "";
  const also = section === undefined || section === told ? "" : ` ${own}`;
  return { words: `${head}${lostWords(told, text, grid, kind)}${more}${also}`, isWrong: true, line: told.line };
}
