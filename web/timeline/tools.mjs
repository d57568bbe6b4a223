// The timeline's buttons, the field of the common beginning, and the field in which a section's words are typed.
import { element } from "../page_elements.mjs";
import { english, t, translated } from "../words_model.mjs";
import { setWords } from "./edit_model.mjs";
import { ROWS } from "./drawing.mjs";
import { KEY_HELP, MOUSE_HELP } from "./says_model.mjs";
import { toPx } from "./zoom_model.mjs";

const BUTTONS = [
  ["play", english`▶ Play`, english`Play or pause the song (Space)`],
  ["loop", english`⟲ Loop`, english`Play this section again and again (I and O set where it begins and ends)`],
  ["split", english`Split`, english`Cut the section at the red line in two (S or Ctrl+B)`],
  ["insert", english`Insert`, english`Begin a new section at the red line`],
  ["duplicate", english`Duplicate`, english`A second section with the same words, from the middle of this one`],
  ["join", english`Join`, english`Join this section with the one behind it`],
  ["remove", english`Delete`, english`Remove this section; the one before goes on (Delete)`],
  ["distribute", english`Distribute`, english`Give all sections the same length`],
];
const DUPLICATE_PICTURE = english`A second section with the same picture, from the middle of this one`;
const VIEW_BUTTONS = [
  ["zoomOut", "−", english`Show more of the song (-)`],
  ["zoomIn", "+", english`Show less of the song (+)`],
  ["fit", english`Fit`, english`Show the whole song`],
];

/** The parts of the timeline in the page; one of pictures has no words to begin with. `songRow` stands on top, `strip` under the windows. */
export function buildTools(run, setPrefix, showLine, isOfPictures, [songRow, strip]) {
  const buttons = {};
  const button = ([command, words, help]) => {
    const title = translated(isOfPictures && command === "duplicate" ? DUPLICATE_PICTURE : help);
    buttons[command] = element("button", { type: "button", textContent: translated(words), title });
    buttons[command].setAttribute("aria-label", title);
    buttons[command].addEventListener("click", () => run(command));
    return buttons[command];
  };
  const tools = element("div", { className: "tools" }, [
    ...BUTTONS.map(button),
    element("span", { className: "space" }),
    ...VIEW_BUTTONS.map(button),
  ]);
  tools.setAttribute("role", "toolbar");
  const canvas = element("canvas", { tabIndex: 0 });
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-roledescription", t`timeline`);
  const prefix = element("input", { type: "text", placeholder: t`subject and style, the same in every section` });
  prefix.addEventListener("change", () => setPrefix(prefix.value));
  // Keys in the field are text, not commands of ComfyUI.
  prefix.addEventListener("keydown", (event) => event.stopPropagation());
  const says = element("span");
  says.setAttribute("aria-live", "polite");
  const lineButton = element("button", { type: "button", hidden: true, title: t`Go to this line of the text` });
  lineButton.addEventListener("click", () => showLine());
  const help = element("p", { className: "help", textContent: translated(MOUSE_HELP) });
  canvas.addEventListener("focus", () => (help.textContent = translated(KEY_HELP)));
  canvas.addEventListener("blur", () => (help.textContent = translated(MOUSE_HELP)));
  const label = element("label", { title: t`Words that all sections begin with; a change changes all alike` }, [t`All begin with`, prefix]);
  const root = element("div", { className: "audio-loop-timeline" }, [
    songRow,
    tools,
    canvas,
    strip,
    ...(isOfPictures ? [] : [label]),
    element("p", { className: "says" }, [says, lineButton]),
    help,
  ]);
  return { root, canvas, buttons, prefix, says, lineButton };
}

/** Lets a section's words, or the number of its picture, be typed where it lies. Enter keeps them, Shift+Enter begins a line, Escape leaves them. */
export function editWords(timeline, section) {
  const { canvas, root } = timeline;
  const width = canvas.clientWidth;
  const left = Math.max(0, Math.min(toPx(section.from, timeline.view, width), width - 220));
  const right = Math.min(width, Math.max(left + 220, toPx(section.to, timeline.view, width)));
  const field = element("textarea", { value: section.text });
  const name = timeline.isOfPictures ? t`Number of the picture of the section at line ${section.line}` : t`Words of section at line ${section.line}`;
  field.setAttribute("aria-label", name);
  Object.assign(field.style, {
    left: `${canvas.offsetLeft + left}px`,
    top: `${canvas.offsetTop + ROWS.blocks[0]}px`,
    width: `${right - left}px`,
    height: `${ROWS.windows[1] - ROWS.blocks[0]}px`,
  });
  let isOpen = true;
  const close = (keeps) => {
    if (!isOpen) return;
    isOpen = false;
    const words = field.value;
    field.remove();
    if (keeps && words !== section.text) timeline.change((text) => setWords(text, section.index, words, timeline.kind));
    canvas.focus({ preventScroll: true });
  };
  field.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.key === "Escape") close(false);
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      close(true);
    }
  });
  for (const kind of ["pointerdown", "wheel", "dblclick"]) field.addEventListener(kind, (event) => event.stopPropagation());
  field.addEventListener("blur", () => close(true));
  root.append(field);
  field.focus();
  field.select();
}
