// Buttons that let a person choose a run, a window or a take from what is on disk, and write it into the node.
import { app } from "../../../scripts/app.js";
import { api } from "../../../scripts/api.js";
import { heldBy } from "../loop_places.mjs";
import { executionIdOf } from "../node_words.mjs";
import { addNodeButton, say } from "../page_elements.mjs";
import { chooseCard } from "./choice_dialog.mjs";
import { t } from "../words_model.mjs";
import * as choice from "./choice_model.mjs";

async function ask(path) {
  const response = await api.fetchApi(path);
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(answer.error ?? t`ComfyUI answered ${response.status}`);
  return answer;
}

function picture(run, window, take) {
  return api.apiURL(choice.picturePath(run, window, take));
}

async function chooseRun(current) {
  const { runs } = await ask("/audio_loop/runs");
  const cards = runs.map((run) => ({
    lines: choice.runLines(run),
    picture: run.picture ? picture(run.name, ...run.picture) : undefined,
    isChosen: run.name === current,
    refused: run.problem !== "",
    value: run.name,
  }));
  const empty = { ...cards[0], lines: [t`Leave it empty`, choice.emptyMeans(runs)], refused: false, isChosen: current === "", value: "" };
  return chooseCard({ title: t`Run`, says: t`Folders in output/audio_loop`, cards: [empty, ...cards] });
}

async function windowsOf(node) {
  const { output } = await app.graphToPrompt();
  const name = choice.runOf(output, executionIdOf(node));
  if (name === undefined) throw new Error(t`another node gives the name of the run: it is known only after Run`);
  return ask(`/audio_loop/runs/windows?run=${encodeURIComponent(name)}`);
}

async function chooseWindow(current, node) {
  const { run, windows } = await windowsOf(node);
  const cards = windows.map((window) => ({
    lines: choice.windowLines(window),
    prompt: choice.shownTake(window).prompt,
    picture: picture(run.name, window.index, choice.shownTake(window).id),
    isChosen: window.index === current,
    value: window.index,
  }));
  return chooseCard({ title: t`Window`, says: t`of run ${run.name}`, cards });
}

async function chooseTake(current, node) {
  const { run, windows } = await windowsOf(node);
  const picked = choice.picked(current);
  const several = windows.filter((window) => window.takes.length > 1 || picked.has(window.index));
  const cards = several.flatMap((window) => [
    ...window.takes.map((take) => ({
      lines: [choice.windowLines(window)[0], ...choice.takeLines(take)],
      prompt: take.prompt,
      picture: picture(run.name, window.index, take.id),
      isChosen: picked.get(window.index) === take.number,
      value: choice.withTake(current, window.index, take.number),
    })),
    ...(picked.has(window.index)
      ? [{ lines: [choice.windowLines(window)[0], t`no take is picked`], value: choice.withTake(current, window.index, null) }]
      : []),
  ]);
  const says = cards.length > 0 ? t`of run ${run.name}` : t`run ${run.name} has one take of each window: nothing to choose yet`;
  return chooseCard({ title: t`Takes`, says, cards });
}

const CHOOSE = { run: chooseRun, window: chooseWindow, take: chooseTake };

export function addChoiceButtons(node) {
  for (const offered of choice.CHOICES[node.comfyClass] ?? []) addButton(node, offered, node);
}

/** On a node of the front that shows the widget of a node inside it, the button of that node. */
export function addChoiceButtonsToTheFront(front) {
  const named = (name) => front.widgets?.some((widget) => widget.name === name);
  for (const [nodeClass, choices] of Object.entries(choice.CHOICES)) {
    const [inner] = heldBy(front, nodeClass);
    for (const offered of inner === undefined ? [] : choices) {
      if (named(offered.widget) && !named(offered.button)) addButton(front, offered, inner);
    }
  }
}

/** A button on a node for the choice of the node that chooses, which may lie inside it. */
function addButton(node, offered, chooser) {
  addNodeButton(node, offered.button, async () => {
    const widget = node.widgets.find((each) => each.name === offered.widget);
    try {
      const chosen = await CHOOSE[offered.kind](widget.value, chooser);
      if (chosen === undefined) return;
      widget.value = chosen;
      widget.callback?.(chosen);
      node.setDirtyCanvas?.(true, true);
    } catch (error) {
      say({ severity: "warn", detail: error.message });
    }
  });
}
