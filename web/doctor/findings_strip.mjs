// What the doctor found, as marks under the windows of the timeline. Each is a button; the arrow keys go from one to the next.
import { element } from "../page_elements.mjs";
import { t } from "../words_model.mjs";
import { lanesOf, marksOf, neighbour, placeInView } from "./findings_model.mjs";

const LANE_PX = 11;

/**
 * @param {(seconds: number) => void} goTo moves the timeline to a second
 * @returns {{root: HTMLElement, show: (found: object | null, length: number) => void, draw: (view: {from, to}) => void}}
 */
export function makeStrip(goTo) {
  const root = element("div", { className: "findings", hidden: true });
  root.setAttribute("role", "toolbar");
  root.setAttribute("aria-label", t`What the doctor found, on the song`);
  let [marks, buttons, drawn, chosen] = [[], [], "", 0];

  function focusOn(index) {
    chosen = index;
    buttons.forEach((button, each) => (button.tabIndex = each === chosen ? 0 : -1));
  }

  function button(mark, index) {
    const made = element("button", { type: "button", className: mark.level, title: mark.title });
    made.setAttribute("aria-label", mark.title);
    made.style.top = `${mark.lane * LANE_PX}px`;
    made.addEventListener("click", () => {
      focusOn(index);
      goTo(mark.seconds);
    });
    return made;
  }

  root.addEventListener("keydown", (event) => {
    // The canvas has its own answers to keys, such as Delete for the chosen node.
    event.stopPropagation();
    const step = { ArrowLeft: -1, ArrowRight: 1, Home: -buttons.length, End: buttons.length }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    focusOn(neighbour(chosen, step, buttons.length));
    // A mark outside the view cannot be focused before the timeline has gone there.
    goTo(marks[chosen].seconds);
    buttons[chosen].hidden = false;
    buttons[chosen].focus({ preventScroll: true });
  });

  return {
    root,
    show(found, length) {
      marks = found === null ? [] : marksOf(found, length);
      buttons = marks.map(button);
      root.replaceChildren(...buttons);
      root.hidden = marks.length === 0;
      root.style.height = `${lanesOf(marks) * LANE_PX}px`;
      drawn = "";
      focusOn(0);
    },
    draw(view) {
      const wanted = `${view.from} ${view.to}`;
      if (wanted === drawn) return;
      drawn = wanted;
      marks.forEach((mark, index) => {
        const place = placeInView(mark, view);
        buttons[index].hidden = place === null;
        if (place !== null) Object.assign(buttons[index].style, { left: `${place.left}%`, width: `${place.width}%` });
      });
    },
  };
}
