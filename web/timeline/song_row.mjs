// The row above the timeline's canvas that is about the song: what was heard in it.
import { element } from "../page_elements.mjs";
import { t, translated } from "../words_model.mjs";
import { makeHearing } from "./heard_data.mjs";
import { VOICE_COLOURS } from "./heard_drawing.mjs";
import { heardWords, listeningWords, VOICES, voicesIn } from "./heard_model.mjs";

function legend(heard) {
  return voicesIn(heard).map((kind) => {
    const chip = element("span", { className: "voice", textContent: translated(VOICES[kind]) });
    chip.style.borderColor = VOICE_COLOURS[kind];
    return chip;
  });
}

/** @param {() => void} onHeard called when something else is known of the song */
export function makeSongRow(onHeard) {
  const listen = element("button", { type: "button" });
  const summary = element("span", { className: "heard" });
  const root = element("div", { className: "tools" }, [listen, summary]);
  let [data, state] = [{ query: null }, { heard: null, done: null, error: "" }];

  const hearing = makeHearing((known) => {
    state = known;
    show();
    onHeard();
  });

  function show() {
    const { heard, done, error } = state;
    listen.hidden = heard !== null;
    listen.disabled = data.query === null;
    listen.textContent = done === null ? t`Listen` : t`Stop`;
    listen.title = done === null ? t`Find the song's sections, beats and voice: it takes some seconds` : t`Stop listening to the song`;
    summary.replaceChildren(heard ? heardWords(heard) : done === null ? error : listeningWords(done), ...(heard ? legend(heard) : []));
  }

  listen.addEventListener("click", () => (state.done === null ? hearing.listen() : hearing.stop()));
  show();
  return {
    root,
    get heard() {
      return state.heard;
    },
    /** What is known of the graph now, as `followSong` tells it. */
    follow(known) {
      data = known;
      hearing.setSong(known.query);
      show();
    },
    end: hearing.end,
  };
}
