// Which pictures a schedule chooses from, out of the prompt that Run would queue: files of Load Image, batched and resized.
import { comesFrom } from "../timeline/prompt_reading_model.mjs";

const STEPS = 100;
/** Nodes that give as many pictures as they get, and their input. */
const PASSES = {
  AudioLoopPicture: "image",
  ImageResizeKJv2: "image",
  ImageScale: "image",
  ImageScaleBy: "image",
  ImageScaleToTotalPixels: "image",
  LTXVPreprocess: "image",
  ResizeAndPadImage: "image",
  ResizeImageMaskNode: "input",
};
/** Nodes that put pictures behind one another. */
const BATCHES = new Set(["BatchImagesNode", "ImageBatch"]);
/** Files that may hold several pictures, all of which Load Image gives. */
const ANIMATED = /\.(apng|gif|webp)( \[\w+\])?$/i;

function isOnePicture(name, isFirstOnly) {
  return typeof name === "string" && name !== "" && (isFirstOnly || !ANIMATED.test(name));
}

/** The files behind an output in the order of their numbers; undefined if they are known only after Run. */
function filesBehind(prompt, link, isFirstOnly = false, step = 0) {
  const { class_type: type, inputs = {} } = (Array.isArray(link) && step < STEPS && prompt[link[0]]) || {};
  if (link?.[1] !== 0) return undefined;
  if (type === "LoadImage") return isOnePicture(inputs.image, isFirstOnly) ? [inputs.image] : undefined;
  if (BATCHES.has(type)) {
    const names = Object.keys(inputs).filter((name) => Array.isArray(inputs[name]));
    const order = (name) => Number(/[0-9]*$/.exec(name)[0]);
    const files = names.sort((a, b) => order(a) - order(b)).map((name) => filesBehind(prompt, inputs[name], isFirstOnly, step + 1));
    return files.includes(undefined) ? undefined : files.flat();
  }
  if (PASSES[type] === undefined) return undefined;
  const passed = filesBehind(prompt, inputs[PASSES[type]], isFirstOnly || type === "AudioLoopPicture", step + 1);
  return type === "AudioLoopPicture" ? passed?.slice(0, 1) : passed;
}

/**
 * @param {object} prompt the API prompt
 * @param {string} id of the schedule's node in it
 * @returns {string[] | null} file names as Load Image has them, by number; null if they are not known before Run
 */
export function picturesOf(prompt, id) {
  for (const { inputs = {} } of Object.values(prompt)) {
    if (!Array.isArray(inputs.images) || !comesFrom(prompt, inputs.schedule, id)) continue;
    const files = filesBehind(prompt, inputs.images);
    if (files !== undefined && files.length > 0) return files;
  }
  return null;
}
