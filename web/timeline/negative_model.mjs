// Which text of a prompt says what must not be seen, and whether sampling asks for it.
import { valueOf } from "./prompt_reading_model.mjs";

const STEPS = 100;
const NEGATIVE = /^negative$|^nag_cond_/;
/** Nodes that make a prompt empty: their text is another's. */
const EMPTIED = "ConditioningZeroOut";
const GUIDANCE = /NAG|NormalizedAttentionGuidance/;

/** The text encoder that a conditioning comes from; undefined if another node makes it, or another node its text. */
function encoderOf(prompt, value, name) {
  for (let step = 0; Array.isArray(value) && step < STEPS; step++) {
    const [id] = value;
    const { class_type: type, inputs = {} } = prompt[id] ?? {};
    if (type === EMPTIED) return undefined;
    if (type?.includes("TextEncode")) return typeof inputs.text === "string" ? String(id) : undefined;
    value = inputs[name] ?? inputs.conditioning;
  }
  return undefined;
}

function encoders(prompt, isMeant, name) {
  const inputs = Object.values(prompt).flatMap((node) => Object.entries(node.inputs ?? {}));
  const found = inputs.filter(([each]) => isMeant(each)).map(([, value]) => encoderOf(prompt, value, name));
  return new Set(found.filter((each) => each !== undefined));
}

/**
 * Ids of the text encoders whose text is only what must not be seen.
 *
 * @param {object} prompt the API prompt
 * @returns {string[]}
 */
export function negativeEncoders(prompt) {
  const wanted = encoders(prompt, (name) => name === "positive", "positive");
  return [...encoders(prompt, (name) => NEGATIVE.test(name), "negative")].filter((id) => !wanted.has(id));
}

/** Whether sampling asks for a negative prompt at all; true if that is not to be seen. */
export function isHeeded(prompt) {
  const nodes = Object.values(prompt);
  if (nodes.some(({ class_type: type }) => GUIDANCE.test(type ?? ""))) return true;
  const scales = nodes.filter(({ inputs }) => inputs?.cfg !== undefined).map(({ inputs }) => valueOf(prompt, inputs.cfg));
  return scales.length === 0 || scales.some((cfg) => cfg !== 1);
}
