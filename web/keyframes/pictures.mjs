// The pictures that a schedule chooses from, loaded from ComfyUI and drawn into its sections.
import { api } from "../../../scripts/api.js";
import { t } from "../words_model.mjs";
import { viewPath } from "../timeline/prompt_reading_model.mjs";
import { isThere } from "./keyframe_words_model.mjs";

/** Pictures by the names that Load Image has; `onLoaded` is called when one can be drawn. */
export function makePictures(onLoaded) {
  const loaded = new Map();

  function imageOf(name) {
    if (!loaded.has(name)) {
      const image = new Image();
      image.addEventListener("load", onLoaded);
      // Smaller to send than the file, and as large.
      image.src = api.apiURL(`${viewPath(name)}&preview=webp;75`);
      loaded.set(name, image);
    }
    return loaded.get(name);
  }

  return {
    /** What is drawn for a number: its picture once it is loaded, and its file's name; of one that is not there, that. */
    shownFor(number, names) {
      if (names === null) return { label: t`picture ${number}` };
      if (!isThere(number, names.length)) return { label: t`no picture ${number}: there are 0 to ${names.length - 1}`, isMissing: true };
      const name = names[Number(number)];
      const image = imageOf(name);
      const file = name.replace(/ \[\w+\]$/, "").replace(/^.*\//, "");
      return { label: `${Number(number)}: ${file}`, image: image.naturalWidth > 0 ? image : undefined };
    },
  };
}

/** Draws a picture at the left of a box, cut if the box is narrow. @returns {number} pixels that it takes of the width */
export function drawPicture(context, image, [x, y], [width, height]) {
  const scale = height / image.naturalHeight;
  const shown = Math.min(width, image.naturalWidth * scale);
  const cut = shown / scale;
  context.drawImage(image, (image.naturalWidth - cut) / 2, 0, cut, image.naturalHeight, x, y, shown, height);
  return shown;
}
