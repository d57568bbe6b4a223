// The pointer on the timeline: edges are dragged, sections chosen, the playhead placed, words typed in place.
import { moveStart, EditRefused } from "./edit_model.mjs";
import { ROWS } from "./drawing.mjs";
import { sectionHint } from "./heard_model.mjs";
import { edgeAt, sectionAt } from "./shown_model.mjs";
import { editWords } from "./tools.mjs";
import { scrolled, toSeconds, zoomed } from "./zoom_model.mjs";

/** Where an event is on a canvas that ComfyUI may have scaled. */
function placeOf(canvas, event) {
  const box = canvas.getBoundingClientRect();
  return { x: ((event.clientX - box.left) / box.width) * canvas.clientWidth, y: ((event.clientY - box.top) / box.height) * canvas.clientHeight };
}

const isInHeard = (y) => y >= ROWS.beats[0] && y <= ROWS.heard[1];
const isInBlocks = (y) => y >= ROWS.blocks[0] - 4 && y <= ROWS.seen[1] + 4;

export function addPointer(timeline) {
  const { canvas } = timeline;
  let drag = null;
  const width = () => canvas.clientWidth;
  const secondsAt = (x) => toSeconds(x, timeline.view, width());
  const edgeUnder = ({ x, y }) => (isInBlocks(y) && !timeline.data.wired ? edgeAt(timeline.shown().sections, x, timeline.view, width()) : undefined);

  /** What is heard under the pointer, if it is on the strip of the song's sections. */
  function tell({ x, y }) {
    const { heard } = timeline.song;
    const text = heard && isInHeard(y) ? sectionHint(heard, secondsAt(x)) : "";
    if (text !== (timeline.told?.text ?? "")) timeline.set({ told: text === "" ? null : { seconds: secondsAt(x), text } });
  }

  function hover(edge) {
    canvas.style.cursor = edge ? "ew-resize" : "default";
    const hovered = edge ? edge.index : null;
    if (hovered !== timeline.hovered) timeline.set({ hovered });
  }

  function follow(event) {
    const { x } = placeOf(canvas, event);
    const seconds = timeline.snapped(secondsAt(x), event.altKey || event.shiftKey);
    timeline.hint = timeline.hintAt(seconds);
    try {
      timeline.dragged = moveStart(drag.text, drag.index, seconds, timeline.kind);
      timeline.message = "";
    } catch (error) {
      if (!(error instanceof EditRefused)) throw error;
      timeline.message = error.message;
    }
    timeline.paint();
  }

  function drop() {
    const text = timeline.dragged;
    drag = null;
    Object.assign(timeline, { dragged: undefined, hint: null });
    if (text !== undefined && text !== timeline.text) timeline.write(text);
    timeline.paint();
  }

  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.stopPropagation();
    canvas.focus({ preventScroll: true });
    canvas.setPointerCapture(event.pointerId);
    const place = placeOf(canvas, event);
    const edge = edgeUnder(place);
    if (edge) {
      drag = { text: timeline.text, index: edge.index };
      timeline.selected = edge.index;
      follow(event);
    } else {
      drag = isInBlocks(place.y) ? null : { scrub: true };
      timeline.goTo(secondsAt(place.x));
    }
  });
  canvas.addEventListener("pointermove", (event) => {
    if (drag?.scrub) timeline.goTo(secondsAt(placeOf(canvas, event).x));
    else if (drag) follow(event);
    else {
      hover(edgeUnder(placeOf(canvas, event)));
      tell(placeOf(canvas, event));
    }
  });
  canvas.addEventListener("pointerleave", () => {
    hover(undefined);
    tell({ x: 0, y: 0 });
  });
  canvas.addEventListener("pointerup", () => (drag && !drag.scrub ? drop() : (drag = null)));
  canvas.addEventListener("pointercancel", () => {
    drag = null;
    timeline.set({ dragged: undefined, hint: null });
  });
  canvas.addEventListener("dblclick", (event) => {
    const { x, y } = placeOf(canvas, event);
    const section = isInBlocks(y) && !timeline.data.wired ? sectionAt(timeline.shown().sections, secondsAt(x)) : undefined;
    if (!section) return;
    event.stopPropagation();
    editWords(timeline, section);
  });
  // Without the focus the wheel is ComfyUI's, as everywhere on its canvas.
  canvas.addEventListener(
    "wheel",
    (event) => {
      if (document.activeElement !== canvas) return;
      event.preventDefault();
      event.stopPropagation();
      const { length } = timeline.shown();
      const span = timeline.view.to - timeline.view.from;
      const view = event.shiftKey
        ? scrolled(timeline.view, ((event.deltaY || event.deltaX) / 1000) * span, length)
        : zoomed(timeline.view, Math.exp(-event.deltaY / 500), secondsAt(placeOf(canvas, event).x), length);
      timeline.set({ view });
    },
    { passive: false },
  );
}
