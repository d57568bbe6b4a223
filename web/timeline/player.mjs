// Plays the song under the timeline.
import { api } from "../../../scripts/api.js";
import { t } from "../words_model.mjs";
import { viewPath } from "./prompt_reading_model.mjs";

/** A player of one song, from the second of the file at which the cut song begins. */
export function makePlayer(onTime) {
  const audio = new Audio();
  audio.preload = "none";
  let [name, start, loop, running] = ["", 0, null, 0];

  function follow() {
    if (audio.paused) return;
    const seconds = audio.currentTime - start;
    if (loop && seconds >= loop[1]) audio.currentTime = start + loop[0];
    onTime(audio.currentTime - start);
    running = requestAnimationFrame(follow);
  }

  return {
    get isPlaying() {
      return !audio.paused;
    },
    setSong(song) {
      start = Math.max(0, song?.start ?? 0);
      if ((song?.name ?? "") === name) return;
      audio.pause();
      name = song?.name ?? "";
      if (name) audio.src = api.apiURL(viewPath(name));
      else audio.removeAttribute("src");
    },
    setLoop(between) {
      loop = between;
    },
    async toggle(seconds) {
      if (!audio.paused) return audio.pause();
      if (!name) throw new Error(t`There is no song to play yet.`);
      audio.currentTime = start + (loop && (seconds < loop[0] || seconds >= loop[1]) ? loop[0] : seconds);
      try {
        await audio.play();
      } catch (error) {
        // Paused, or another song chosen, before it began: nothing is amiss.
        if (error.name !== "AbortError") throw error;
      }
      follow();
    },
    seek(seconds) {
      if (!audio.paused) audio.currentTime = start + seconds;
    },
    end() {
      cancelAnimationFrame(running);
      audio.pause();
      audio.removeAttribute("src");
    },
  };
}
