// The row above the timeline's canvas that is about the song: what was heard in it, and a schedule written from it.
import { element } from "../page_elements.mjs";
import { t, translated } from "../words_model.mjs";
import { ask } from "./ask_route.mjs";
import { VOICE_COLOURS } from "./heard_drawing.mjs";
import { makeHearing } from "./hearing_model.mjs";
import { heardWords, listeningWords, VOICES, voicesIn } from "./heard_model.mjs";

function legend(heard) {
  return voicesIn(heard).map((kind) => {
    const chip = element("span", { className: "voice", textContent: translated(VOICES[kind]) });
    chip.style.borderColor = VOICE_COLOURS[kind];
    return chip;
  });
}

/**
 * @param {() => void} onHeard called when something else is known of the song
 * @param {(() => void) | null} openPanel opens the panel that writes a schedule; null on a timeline without words
 */
export function makeSongRow(onHeard, openPanel) {
  const watchers = new Set([onHeard]);

  const listen = element("button", { type: "button" });
  const write = element("button", {
    type: "button",
    className: "write",
    textContent: t`Write from the song`,
    title: t`Listens to the song and writes prompts that change where it changes`,
  });
  const summary = element("span", { className: "heard" });
  const root = element("div", { className: "tools" }, [...(openPanel ? [write] : []), listen, summary]);
  let [data, state] = [{ query: null, wired: false }, { heard: null, done: null, error: "" }];

  const hearing = makeHearing((query) => ask("heard", query), (known) => {
    state = known;
    changed();
  });

  function changed() {
    show();
    for (const watcher of watchers) watcher();
  }

  function show() {
    const { heard, done, error } = state;
    listen.hidden = heard !== null;
    listen.disabled = data.query === null;
    listen.textContent = done === null ? t`Listen` : t`Stop`;
    listen.title = done === null ? t`Find the song's sections, beats and voice: it takes some seconds` : t`Stop listening to the song`;
    write.disabled = data.wired;
    summary.replaceChildren(heard ? heardWords(heard) : done === null ? error : listeningWords(done), ...(heard ? legend(heard) : []));
  }

  const row = {
    root,
    hearing,
    get heard() {
      return state.heard;
    },
    /** `{heard, done, error}` as `makeHearing` tells it. */
    get state() {
      return state;
    },
    /** Called back when something else is known; returns what ends that. */
    onChange(watcher) {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    /** What is known of the graph now, as `followSong` tells it. */
    follow(known) {
      data = known;
      hearing.setSong(known.query);
      changed();
    },
    end: hearing.end,
  };
  listen.addEventListener("click", () => (state.done === null ? hearing.listen() : hearing.stop()));
  write.addEventListener("click", () => openPanel());
  show();
  return row;
}
