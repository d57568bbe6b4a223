// Buttons that let a person choose a run, a window or a take from what is on disk, and write it into the node.
import { app } from "../../../scripts/app.js";
import { api } from "../../../scripts/api.js";
import { executionIdOf } from "../node_words.mjs";
import { addNodeButton, say } from "../page_elements.mjs";
import { chooseCard } from "./choice_dialog.mjs";
import * as words from "./choice_model.mjs";

async function ask(path) {
  const response = await api.fetchApi(path);
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error ?? `ComfyUI answered ${response.status}`);
  return answer;
}

function picture(run, window, take) {
  return api.apiURL(words.picturePath(run, window, take));
}

async function chooseRun(current) {
  const { runs } = await ask("/audio_loop/runs");
  const cards = runs.map((run) => ({
    lines: words.runLines(run),
    picture: run.picture ? picture(run.name, ...run.picture) : undefined,
    isChosen: run.name === current,
    refused: run.problem !== "",
    value: run.name,
  }));
  const empty = { ...cards[0], lines: ["Leave it empty", words.emptyMeans(runs)], refused: false, isChosen: current === "", value: "" };
  return chooseCard({ title: "Run", says: "Folders in output/audio_loop", cards: [empty, ...cards] });
}

async function windowsOf(node) {
  const { output } = await app.graphToPrompt();
  const name = words.runOf(output, executionIdOf(node));
  if (name === undefined) throw new Error("another node gives the name of the run: it is known only after Run");
  return ask(`/audio_loop/runs/windows?run=${encodeURIComponent(name)}`);
}

async function chooseWindow(current, node) {
  const { run, windows } = await windowsOf(node);
  const cards = windows.map((window) => ({
    lines: words.windowLines(window),
    words: words.shownTake(window).prompt,
    picture: picture(run.name, window.index, words.shownTake(window).id),
    isChosen: window.index === current,
    value: window.index,
  }));
  return chooseCard({ title: "Window", says: `of run ${run.name}`, cards });
}

async function chooseTake(current, node) {
  const { run, windows } = await windowsOf(node);
  const picked = words.picked(current);
  const several = windows.filter((window) => window.takes.length > 1 || picked.has(window.index));
  const cards = several.flatMap((window) => [
    ...window.takes.map((take) => ({
      lines: [words.windowLines(window)[0], ...words.takeLines(take)],
      words: take.prompt,
      picture: picture(run.name, window.index, take.id),
      isChosen: picked.get(window.index) === take.number,
      value: words.withTake(current, window.index, take.number),
    })),
    ...(picked.has(window.index)
      ? [{ lines: [words.windowLines(window)[0], "no take is picked"], value: words.withTake(current, window.index, null) }]
      : []),
  ]);
  const says = cards.length > 0 ? `of run ${run.name}` : `run ${run.name} has one take of each window: nothing to choose yet`;
  return chooseCard({ title: "Takes", says, cards });
}

const CHOOSE = { run: chooseRun, window: chooseWindow, take: chooseTake };

export function addChoiceButton(node) {
  const choice = words.CHOICES[node.comfyClass];
  if (choice === undefined) return;
  addNodeButton(node, choice.button, async () => {
    const widget = node.widgets.find((each) => each.name === choice.widget);
    try {
      const chosen = await CHOOSE[choice.kind](widget.value, node);
      if (chosen === undefined) return;
      widget.value = chosen;
      widget.callback?.(chosen);
      node.setDirtyCanvas?.(true, true);
    } catch (error) {
      say({ severity: "warn", detail: error.message });
    }
  });
}
