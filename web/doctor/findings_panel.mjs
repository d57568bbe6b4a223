// The list of what the doctor found, beside the canvas: each finding leads to its place, and to a retake of it.
import { element } from "../page_elements.mjs";
import { t } from "../words_model.mjs";
import { reportUrl } from "./findings_data.mjs";
import { isMendedByRetake, kindWords, levelOf, placeWords, strengthWords, summaryOf } from "./findings_model.mjs";
import { openRetake } from "./open_retake.mjs";

const CLASS = "audio-loop-findings";
const MOST_PLACES = 6;
const STYLE = `
.${CLASS} { position: fixed; inset: 72px 24px auto auto; z-index: 1200; width: min(440px, 92vw); max-height: calc(100vh - 160px);
  margin: 0; padding: 0 0 6px; overflow: auto; border: 1px solid var(--border-color, #555); border-radius: 8px;
  background: var(--comfy-menu-bg, #222); color: var(--fg-color, #ddd); font: 13px/1.45 sans-serif; }
.${CLASS} header { position: sticky; top: 0; z-index: 1; display: flex; gap: 8px; align-items: center; padding: 10px 14px; background: inherit; }
.${CLASS} h2 { flex: 1; margin: 0; font-size: 15px; overflow-wrap: anywhere; }
.${CLASS} p, .${CLASS} ul { margin: 2px 14px 8px; } .${CLASS} ul { padding-left: 16px; }
.${CLASS} h3 { margin: 12px 14px 4px; font-size: 13px; }
.${CLASS} article { margin: 8px 14px; padding: 8px 10px; border-left: 5px solid; border-radius: 4px; background: var(--comfy-input-bg, #333); }
.${CLASS} article.strong { border-color: #e5484d; } .${CLASS} article.clear { border-color: #e08c1a; } .${CLASS} article.slight { border-color: #8a8f98; }
.${CLASS} article strong, .${CLASS} article p { display: block; margin: 0 0 4px; overflow-wrap: anywhere; }
.${CLASS} article small { opacity: 0.75; }
.${CLASS} .place { display: flex; flex-wrap: wrap; gap: 6px; margin-top: 4px; }
.${CLASS} button, .${CLASS} a { border: 1px solid var(--border-color, #555); border-radius: 5px; padding: 1px 8px; color: inherit; font: inherit;
  cursor: pointer; background: var(--comfy-menu-bg, #222); text-decoration: none; }
.${CLASS} button.retake { border-color: #4a9eff; font-weight: 600; }
.${CLASS} :focus-visible { outline: 2px solid #4a9eff; outline-offset: 1px; }
`;

function place(stretch, origin, goTo) {
  const words = placeWords(stretch);
  const go = element("button", { type: "button", className: "go", textContent: words, title: t`Show this place on the timeline` });
  go.addEventListener("click", () => goTo(stretch.start_seconds));
  const again = element("button", { type: "button", className: "retake", textContent: t`Retake this part` });
  again.title = t`Opens the retake workflow in a tab of its own, filled in for this part`;
  again.setAttribute("aria-label", t`Retake this part: ${words}`);
  again.addEventListener("click", () => openRetake(stretch, origin));
  return element("div", { className: "place" }, [go, again]);
}

function finding({ kind, strength, words, stretches }, origin, goTo) {
  const more = stretches.length - MOST_PLACES;
  return element("article", { className: levelOf(strength) }, [
    element("strong", { textContent: kindWords(kind) }),
    element("p", { textContent: words }),
    element("small", { textContent: strengthWords(strength) }),
    ...stretches.slice(0, MOST_PLACES).map((stretch) => place(stretch, origin, goTo)),
    ...(more > 0 ? [element("small", { textContent: t`and ${more} more places, in the report` })] : []),
    ...(isMendedByRetake(kind) ? [] : [element("p", { textContent: t`A retake alone does not mend this: see “Likely causes”.` })]),
  ]);
}

function causesOf({ causes }) {
  if (causes.length === 0) return [];
  const lines = causes.map(({ title, mend }) => element("li", {}, [title, ...(mend ? [element("br"), element("small", { textContent: mend })] : [])]));
  return [element("h3", { textContent: t`Likely causes` }), element("ul", {}, lines)];
}

/** Shows a diagnosis in place of the one before; `goTo` moves its timeline to a second. Returns the dialog. */
export function showFindings(found, goTo) {
  document.querySelector(`dialog.${CLASS}`)?.remove();
  const close = element("button", { type: "button", textContent: t`Close` });
  const report = found.report === null ? [] : [element("a", { href: reportUrl(found.report), target: "_blank", rel: "noopener", textContent: t`Open the report` })];
  const dialog = element("dialog", { className: CLASS }, [
    element("style", { textContent: STYLE }),
    element("header", {}, [element("h2", { textContent: summaryOf(found) }), ...report, close]),
    ...found.symptoms.map((symptom) => finding(symptom, found.origin, goTo)),
    ...causesOf(found),
  ]);
  dialog.setAttribute("aria-label", t`What the doctor found`);
  close.addEventListener("click", () => dialog.remove());
  dialog.addEventListener("keydown", (event) => {
    // The canvas has its own answers to keys, such as Delete for the chosen node.
    event.stopPropagation();
    if (event.key === "Escape") dialog.remove();
  });
  document.body.append(dialog);
  dialog.show();
  return dialog;
}
