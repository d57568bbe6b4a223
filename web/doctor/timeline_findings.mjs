// What a timeline shows of the doctor: the marks under its windows, and the button that opens the list.
import { element } from "../page_elements.mjs";
import { t } from "../words_model.mjs";
import { followFindings } from "./findings_data.mjs";
import { summaryOf } from "./findings_model.mjs";
import { showFindings } from "./findings_panel.mjs";
import { makeStrip } from "./findings_strip.mjs";

/**
 * @param {(seconds: number) => void} goTo moves the timeline to a second
 * @param {() => void} repaint called when something else is known
 */
export function makeFindings(goTo, repaint) {
  const strip = makeStrip(goTo);
  const button = element("button", { type: "button", className: "found", hidden: true });
  let [found, length, list] = [null, 60, undefined];

  const followed = followFindings((diagnosis) => {
    found = diagnosis;
    list?.remove();
    button.hidden = found === null;
    if (found !== null) {
      button.textContent = t`Doctor: ${found.symptoms.length}`;
      button.title = summaryOf(found);
      button.setAttribute("aria-label", button.title);
      button.classList.toggle("wrong", found.symptoms.length > 0);
    }
    strip.show(found, length);
    repaint();
  });
  button.addEventListener("click", () => (list = showFindings(found, goTo)));

  return {
    button,
    strip: strip.root,
    setSong: followed.setSong,
    /** The view of the song, and its length in seconds. */
    draw(view, songSeconds) {
      if (songSeconds !== length) strip.show(found, (length = songSeconds));
      strip.draw(view);
    },
    end() {
      followed.end();
      // The places in the list are those of this timeline.
      list?.remove();
    },
  };
}
