// The panel that writes a schedule from the song: what is asked for, how far listening is, what was written and why.
import { app } from "../../../scripts/app.js";
import { nodeOf } from "../node_words.mjs";
import { element } from "../page_elements.mjs";
import { t, translated } from "../words_model.mjs";
import { send } from "./ask_route.mjs";
import { heardWords, listeningWords } from "./heard_model.mjs";
import { isHeeded, negativeEncoders } from "./negative_model.mjs";
import { addPanelStyle } from "./write_style.mjs";
import { FIELDS, firstWishes, isOwnText, sectionCount, wishesOf } from "./wishes_model.mjs";

const CLASS = "audio-loop-write";
const KEPT = "audio_loop_wishes";
const AGAIN_MS = 400;
const MOST_OPEN = 4;
/** Of each kind of field: its element, what that has, and where its value is. */
const INPUTS = {
  text: ["input", { type: "text" }, "value"],
  number: ["input", { type: "number", min: "0", step: "1" }, "value"],
  switch: ["input", { type: "checkbox" }, "checked"],
  words: ["textarea", { rows: 2 }, "value"],
  choice: ["select", {}, "value"],
};

/** A field of the form with its label; `onChange` is called with what is in it. */
function fieldOf({ name, kind, label, placeholder, options, help: always = "" }, value, onChange) {
  const id = `${CLASS}-field-${name}`;
  const [tag, properties, key] = INPUTS[kind];
  const input = element(tag, { id, ...properties });
  const help = element("small", { id: `${id}-help` });
  if (placeholder) input.placeholder = translated(placeholder);
  if (options) input.append(...options.map(([each, words]) => element("option", { value: each, textContent: translated(words) })));
  input[key] = value;
  const read = () => (kind === "number" ? Math.max(0, Math.trunc(Number(input.value))) : input[key]);
  const explain = () => {
    help.textContent = translated(options?.find(([each]) => each === input.value)?.[2] ?? always);
  };
  input.addEventListener("input", () => {
    explain();
    onChange(read());
  });
  explain();
  input.setAttribute("aria-describedby", help.id);
  const words = element("label", { htmlFor: id, textContent: translated(label) });
  return element("div", { className: ["field", kind].join(" ") }, kind === "switch" ? [input, words, help] : [words, input, help]);
}

/** What was decided, as a list that is folded if it is long. */
function remarksOf(remarks) {
  if (remarks.length === 0) return [];
  const list = element("ul", {}, remarks.map((textContent) => element("li", { textContent })));
  const summary = element("summary", { textContent: t`What was decided (${remarks.length})` });
  return [element("details", { open: remarks.length <= MOST_OPEN }, [summary, list])];
}

async function copy(area) {
  area.focus();
  area.select();
  // Pages that are not served by https or from this machine have no clipboard of that name.
  if (navigator.clipboard) await navigator.clipboard.writeText(area.value);
  else document.execCommand("copy");
}

/** What must not be seen, with a button that puts it where the graph says so. */
async function negativeOf(words, timeline) {
  const { output } = await app.graphToPrompt();
  const found = negativeEncoders(output).map(nodeOf).filter(Boolean);
  const area = element("textarea", { value: words, readOnly: true, rows: 2 });
  area.setAttribute("aria-label", t`Negative prompt for this style`);
  const says = element("p");
  says.setAttribute("aria-live", "polite");
  const buttons = [];
  if (found.length === 1) {
    const [node] = found;
    const put = element("button", { type: "button", textContent: t`Put it into “${node.title}”` });
    put.addEventListener("click", () => {
      timeline.takeStep();
      const widget = node.widgets.find((each) => each.name === "text");
      widget.value = words;
      widget.callback?.(words);
      node.setDirtyCanvas?.(true, true);
      timeline.takeStep();
      says.textContent = isHeeded(output)
        ? t`It is in “${node.title}” now.`
        : t`It is in “${node.title}” now. At cfg 1 it does nothing by itself: switch on the node “Negative prompt at cfg 1” (select it, Ctrl+B).`;
    });
    buttons.push(put);
  }
  const take = element("button", { type: "button", textContent: t`Copy` });
  take.addEventListener("click", () => copy(area).then(() => (says.textContent = t`Copied.`), (error) => (says.textContent = error.message)));
  return [element("h3", { textContent: t`Negative prompt for this style` }), area, element("div", { className: "buttons" }, [...buttons, take]), says];
}

/** Opens the panel over the page, for one timeline. */
export function openWritePanel(timeline) {
  addPanelStyle(CLASS);
  const { node, song } = timeline;
  let wishes = firstWishes(timeline.text ?? "", node.properties?.[KEPT]);
  let [isOpen, isWriting] = [true, false];

  const close = element("button", { type: "button", textContent: t`Close` });
  const status = element("p", { className: "status" });
  status.setAttribute("aria-live", "polite");
  const replaces = element("p", { className: "replaces" });
  const write = element("button", { type: "submit", className: "write", textContent: t`Write` });
  const result = element("section", { className: "result" });
  result.setAttribute("aria-live", "polite");
  const fields = FIELDS.map((field) => fieldOf(field, wishes[field.name], (value) => (wishes = { ...wishes, [field.name]: value })));
  const form = element("form", {}, [...fields, replaces, element("div", { className: "buttons" }, [write])]);
  const title = t`Write from the song`;
  const dialog = element("dialog", { className: CLASS }, [
    element("header", {}, [element("h2", { textContent: title }), close]),
    status,
    form,
    result,
  ]);
  dialog.setAttribute("aria-label", title);

  function show() {
    const { heard, done, error } = song.state;
    const missing = timeline.data.query === null ? timeline.data.says || timeline.data.reading : "";
    const words = missing || (heard ? heardWords(heard) : done === null ? error : listeningWords(done));
    if (status.textContent !== words) status.textContent = words;
    status.classList.toggle("wrong", !heard && done === null && words !== "");
    write.disabled = heard === null || isWriting;
    const count = sectionCount(timeline.text ?? "");
    const isOwn = isOwnText(timeline.text ?? "", timeline.written ?? "");
    replaces.hidden = !isOwn;
    replaces.textContent =
      count > 1 ? t`This replaces your text with its ${count} sections. Undo (Ctrl+Z) brings it back.` : t`This replaces your text. Undo (Ctrl+Z) brings it back.`;
  }

  async function writeIt() {
    const asked = { song: timeline.data.query, wishes: wishesOf(wishes) };
    let written = await send("written", asked);
    // The server has forgotten the song, or was started anew.
    while (isOpen && written.schedule === undefined) {
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      written = await send("written", asked);
    }
    if (!isOpen || timeline.data.wired) return;
    node.properties = { ...node.properties, [KEPT]: wishes };
    timeline.written = written.schedule;
    timeline.write(written.schedule);
    const negative = written.negative_prompt ? await negativeOf(written.negative_prompt, timeline) : [];
    const count = sectionCount(written.schedule);
    const said = element("p", { textContent: t`${count} prompts are in the node now. Undo (Ctrl+Z) brings back what was there before.` });
    result.replaceChildren(element("h3", { textContent: t`Written` }), said, ...remarksOf(written.remarks), ...negative);
    result.scrollIntoView?.({ block: "nearest" });
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (write.disabled) return;
    isWriting = true;
    show();
    writeIt()
      .catch((error) => result.replaceChildren(element("p", { className: "wrong", textContent: error.message })))
      .finally(() => {
        isWriting = false;
        if (isOpen) show();
      });
  });
  close.addEventListener("click", () => dialog.close());
  // The canvas has its own answers to keys, such as Delete for the chosen node.
  dialog.addEventListener("keydown", (event) => event.stopPropagation());
  dialog.addEventListener("close", () => {
    isOpen = false;
    unlisten();
    dialog.remove();
  });
  /** A song that is chosen or mended only now is listened to as well. */
  function follow() {
    show();
    const { heard, done, error } = song.state;
    if (timeline.data.query !== null && heard === null && done === null && error === "") song.hearing.listen();
  }

  const unlisten = song.onChange(follow);
  document.body.append(dialog);
  dialog.showModal();
  form.querySelector("input").focus();
  follow();
}
