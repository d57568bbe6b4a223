// Asks the server what is heard in the song. It listens only if somebody wants it: that takes seconds of the processor, beside a
// render perhaps. What it heard before is shown without being asked for. Without the page, tested by `node --test`.
import { heardOf } from "./heard_model.mjs";

const AGAIN_MS = 400;
const wait = () => new Promise((resolve) => setTimeout(resolve, AGAIN_MS));

/** What can be asked of a song as a planner's settings name it; null if there is none. */
const songOf = (query) =>
  query === null
    ? null
    : Object.fromEntries(["audio", "start_seconds", "duration_seconds"].flatMap((name) => (query[name] === undefined ? [] : [[name, query[name]]])));

/**
 * What is heard in one song after another; `onChange({heard, done, error})` is called when something else is known. `done` is the
 * part that was listened to, null if nobody listens.
 *
 * @param {(query: object) => Promise<object>} ask the route `heard`
 * @param {() => Promise<void>} pause before it is asked again
 */
export function makeHearing(ask, onChange, pause = wait) {
  const known = { heard: null, done: null, error: "" };
  let [song, name, turn] = [null, "", 0];
  const tell = (changes) => onChange({ ...Object.assign(known, changes) });

  async function answer(listens, isCurrent) {
    for (;;) {
      const found = await ask({ ...song, listen: listens ? "1" : "0" });
      if (!isCurrent()) return;
      if (found.sections) return tell({ heard: heardOf(found), done: null });
      if (!listens) return;
      tell({ done: found.listening });
      await pause();
      if (!isCurrent()) return;
    }
  }

  function follow(listens) {
    const own = ++turn;
    return answer(listens, () => own === turn).catch((error) => {
      // Nobody asked: a song that is not there yet is no news.
      if (own === turn) tell({ done: null, error: listens ? error.message : "" });
    });
  }

  return {
    /** Another song, or another part of it: what was heard before counts no more. */
    setSong(query) {
      const [next, text] = [songOf(query), JSON.stringify(songOf(query))];
      if (text === name) return;
      [song, name] = [next, text];
      turn++;
      if (song !== null) follow(false);
      // Whoever is told may want to listen at once.
      tell({ heard: null, done: null, error: "" });
    },
    /** Listens to the song; done when it is heard, or when that failed or was stopped. */
    async listen() {
      if (song === null || known.heard !== null || known.done !== null) return;
      tell({ done: 0, error: "" });
      await follow(true);
    },
    /** The server gives up what nobody asks for. */
    stop() {
      turn++;
      tell({ done: null });
    },
    end() {
      turn++;
    },
  };
}
