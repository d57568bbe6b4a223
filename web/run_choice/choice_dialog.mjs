// A dialog of cards with a picture each; one is chosen by a click or by the keyboard.
import { element } from "../page_elements.mjs";
import { t } from "../words_model.mjs";

const STYLE = `
.audio-loop-choice { width: min(920px, 90vw); max-height: 80vh; padding: 0; border: 1px solid var(--border-color, #555);
  border-radius: 8px; background: var(--comfy-menu-bg, #222); color: var(--fg-color, #ddd); font: 13px/1.4 sans-serif; }
.audio-loop-choice::backdrop { background: rgb(0 0 0 / 50%); }
.audio-loop-choice header { display: flex; gap: 12px; align-items: baseline; padding: 12px 16px; }
.audio-loop-choice h2 { margin: 0; font-size: 16px; }
.audio-loop-choice header p { margin: 0; flex: 1; opacity: 0.8; }
.audio-loop-choice .cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(200px, 1fr)); gap: 10px;
  padding: 4px 16px 16px; overflow-y: auto; }
.audio-loop-choice button { border: 1px solid var(--border-color, #555); border-radius: 6px; color: inherit; font: inherit;
  background: var(--comfy-input-bg, #333); cursor: pointer; }
.audio-loop-choice .card { display: flex; flex-direction: column; gap: 2px; padding: 0 0 8px; text-align: left; overflow: hidden; }
.audio-loop-choice .card[aria-pressed="true"] { outline: 2px solid var(--p-primary-color, #4a9eff); }
.audio-loop-choice .card:disabled { opacity: 0.6; cursor: default; }
.audio-loop-choice .card img, .audio-loop-choice .card .blank { width: 100%; aspect-ratio: 16 / 9; object-fit: cover; background: #111; }
.audio-loop-choice .card span { padding: 0 8px; overflow-wrap: anywhere; }
.audio-loop-choice .card span:first-of-type { padding-top: 6px; font-weight: 600; }
.audio-loop-choice .card span.words { opacity: 0.75; display: -webkit-box; -webkit-line-clamp: 3; -webkit-box-orient: vertical; overflow: hidden; }
`;

function card({ lines, prompt, picture, isChosen, refused, value }, choose) {
  const shown = picture
    ? element("img", { src: picture, alt: "", loading: "lazy" })
    : element("div", { className: "blank" });
  const texts = lines.map((line) => element("span", { textContent: line }));
  if (prompt) texts.push(element("span", { className: "words", textContent: prompt }));
  const made = element("button", { type: "button", className: "card", disabled: Boolean(refused) }, [shown, ...texts]);
  made.setAttribute("aria-pressed", String(Boolean(isChosen)));
  made.addEventListener("click", () => choose(value));
  return made;
}

/**
 * Shows cards and gives the value of the one that is chosen; undefined if none was.
 *
 * @param {{title: string, says: string, cards: {lines: string[], prompt?: string, picture?: string, isChosen?: boolean,
 *   refused?: boolean, value: unknown}[]}} shown
 */
export function chooseCard({ title, says, cards }) {
  return new Promise((done) => {
    const close = element("button", { type: "button", textContent: t`Close` });
    const heading = element("h2", { textContent: title });
    const header = element("header", {}, [heading, element("p", { textContent: says }), close]);
    const list = element("div", { className: "cards" });
    const dialog = element("dialog", { className: "audio-loop-choice" }, [
      element("style", { textContent: STYLE }),
      header,
      list,
    ]);
    dialog.setAttribute("aria-label", title);
    let chosen;
    const choose = (value) => {
      chosen = value;
      dialog.close();
    };
    list.append(...cards.map((each) => card(each, choose)));
    close.addEventListener("click", () => dialog.close());
    // The canvas has its own answers to keys, such as Delete for the chosen node.
    dialog.addEventListener("keydown", (event) => event.stopPropagation());
    dialog.addEventListener("close", () => {
      dialog.remove();
      done(chosen);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
