// The timeline on the nodes of prompts and pictures: what is shown and which edit a click, a drag or a key makes. The node's text is the truth.
import { app } from "../../../scripts/app.js";
import { makeFindings } from "../doctor/timeline_findings.mjs";
import { showLine } from "../text_lines.mjs";
import { keyframesOf, refusalOf } from "../keyframes/keyframe_words_model.mjs";
import { makePictures } from "../keyframes/pictures.mjs";
import { picturesOf } from "../keyframes/pictures_model.mjs";
import { clockText } from "../time_text_model.mjs";
import { draw } from "./drawing.mjs";
import * as edit from "./edit_model.mjs";
import { latenessText, snapTime } from "./grid_model.mjs";
import { commandOf } from "./keys_model.mjs";
import { makePlayer } from "./player.mjs";
import { addPointer } from "./pointer.mjs";
import { setCommonPrefix } from "./prefix_model.mjs";
import { PROMPTS } from "./prompt_words_model.mjs";
import { saysOf } from "./says_model.mjs";
import { sectionAt, shownOf } from "./shown_model.mjs";
import { followSong } from "./song_data.mjs";
import { makeSongRow } from "./song_row.mjs";
import { t } from "../words_model.mjs";
import { addStyle } from "./style.mjs";
import { buildTools, editWords } from "./tools.mjs";
import { openWritePanel } from "./write_panel.mjs";
import { wholeSong, zoomed } from "./zoom_model.mjs";

const NODE = "AudioLoopPrompts";
const NODE_OF_PICTURES = "AudioLoopKeyframes";
const TEXT = "schedule";
const WIDGET = "audio_loop_timeline";
const SMALLEST_HEIGHT_PX = 400;
const LOOK_MS = 120;

export function addTimeline(node) {
  if (![NODE, NODE_OF_PICTURES].includes(node.comfyClass) || typeof node.addDOMWidget !== "function") return;
  addStyle();
  const timeline = new Timeline(node);
  const widget = node.addDOMWidget(WIDGET, "audio_loop_timeline", timeline.host, {
    serialize: false,
    hideOnZoom: false,
    getMinHeight: () => SMALLEST_HEIGHT_PX,
  });
  widget.serialize = false;
  // What App mode writes above it.
  widget.label = t`Timeline`;
  const onRemoved = node.onRemoved;
  node.onRemoved = function () {
    timeline.end();
    onRemoved?.call(this);
  };
}

function isSeen(element) {
  return element.isConnected && element.getClientRects().length > 0;
}

class Timeline {
  constructor(node) {
    this.node = node;
    this.isOfPictures = node.comfyClass === NODE_OF_PICTURES;
    this.data = { pictures: null, grid: null, peaks: null, song: null, query: null, wired: false, says: "", reading: "" };
    Object.assign(this, { text: undefined, view: wholeSong(60), selected: 0, playhead: 0, loop: null, hint: null, message: "" });
    Object.assign(this, { hovered: null, told: null, kept: {} });
    this.player = makePlayer((seconds) => this.set({ playhead: Math.max(0, seconds) }));
    this.pictures = makePictures(() => this.paint());
    const setPrefix = (prefix) => this.change((text) => setCommonPrefix(text, prefix));
    const goToLine = () => showLine(node, this.lineAtFault)?.focus();
    this.song = makeSongRow(() => this.paint(), this.isOfPictures ? null : () => openWritePanel(this));
    this.findings = makeFindings((seconds) => this.goTo(seconds), () => this.paint());
    this.song.root.append(this.findings.button);
    Object.assign(this, buildTools((command) => this.run(command), setPrefix, goToLine, this.isOfPictures, [this.song.root, this.findings.strip]));
    this.host = Object.assign(document.createElement("div"), { className: "audio-loop-timeline-host" });
    this.host.append(this.root);
    addPointer(this);
    this.canvas.addEventListener("keydown", (event) => this.onKey(event));
    this.unfollow = followSong(node, (data) => this.onData(data), this.isOfPictures ? picturesOf : undefined);
    this.watch = setInterval(() => this.lookAtText(), LOOK_MS);
    this.resized = new ResizeObserver(() => this.paint());
    this.resized.observe(this.canvas);
  }

  end() {
    clearInterval(this.watch);
    this.unfollow();
    this.findings.end();
    this.song.end();
    this.resized.disconnect();
    this.player.end();
    this.root.remove();
  }

  /** What the text says of each section. */
  get kind() {
    return this.isOfPictures ? keyframesOf(this.data.pictures?.length ?? 0) : PROMPTS;
  }

  get textWidget() {
    return this.node.widgets.find((widget) => widget.name === TEXT);
  }

  /**
   * Nodes 2.0 and App mode keep showing the element of the node that was there before an undo, a reload of the same graph or a
   * conversion to a subgraph: the timeline of the node that is there now moves into it. The canvas, hidden in App mode, holds an element of its own.
   */
  stayShown() {
    const { graph, id } = this.node;
    this.host.dataset.place = `${graph?.id}:${id}`;
    if (isSeen(this.root)) return;
    const own = `.audio-loop-timeline-host[data-place="${CSS.escape(this.host.dataset.place)}"]`;
    const left = graph === app.canvas.graph ? `, [data-node-id="${id}"] .audio-loop-timeline-host:empty` : "";
    const shown = document.querySelectorAll(own + left);
    const place = [this.host, ...shown].find(isSeen) ?? [this.host, ...shown].find((each) => each.isConnected);
    if (place && place !== this.root.parentElement) place.replaceChildren(this.root);
  }

  lookAtText() {
    this.stayShown();
    const text = String(this.textWidget?.value ?? "");
    if (text === this.text) return;
    this.text = text;
    this.paint();
  }

  onData(data) {
    const before = this.data.grid?.song_seconds;
    this.data = { ...data };
    // A song that was only sampled may turn out some hundredths of a second shorter: who zoomed in meanwhile stays there.
    if (data.grid && !(Math.abs(data.grid.song_seconds - before) < 1)) this.view = wholeSong(data.grid.song_seconds);
    this.player.setSong(data.song);
    this.song.follow(this.data);
    this.findings.setSong(data.song?.name);
    this.paint();
  }

  set(changes) {
    Object.assign(this, changes);
    this.paint();
  }

  /** Everything that is drawn, of the text as it is or as a drag would make it. */
  shown(text = this.text ?? "") {
    const { grid } = this.data;
    if (this.kept.text !== text || this.kept.grid !== grid) this.kept = { text, grid, shown: shownOf(text, grid, this.kind) };
    if (!grid) this.view = wholeSong(this.kept.shown.length);
    return this.kept.shown;
  }

  paint() {
    this.painting ||= requestAnimationFrame(() => {
      this.painting = 0;
      this.paintNow(this.dragged ?? this.text ?? "");
    });
  }

  paintNow(text) {
    const shown = this.shown(text);
    const { view, selected, playhead, loop, hovered, song: { heard } } = this;
    const hint = this.hint ?? this.told;
    const labelOf = (each) => (this.isOfPictures ? this.pictures.shownFor(each.text, this.data.pictures) : { label: each.words });
    draw(this.canvas, { ...this.data, ...shown, heard, labelOf, view, selected, playhead, loop, hint, isDragged: this.hint !== null, hovered });
    this.findings.draw(view, shown.length);
    this.prefix.value = document.activeElement === this.prefix ? this.prefix.value : shown.prefix;
    this.prefix.disabled = this.data.wired || shown.read.entries.length < 2;
    for (const [command, button] of Object.entries(this.buttons)) {
      button.disabled = this.data.wired && ["split", "join", "insert", "duplicate", "distribute", "remove"].includes(command);
    }
    this.buttons.play.textContent = this.player.isPlaying ? t`❚❚ Pause` : t`▶ Play`;
    this.buttons.loop.setAttribute("aria-pressed", String(this.loop !== null));
    this.say(shown);
  }

  say(shown) {
    const { text, selected, message, data } = this;
    const isDragging = this.dragged !== undefined;
    const about = [shown, text, selected, message, data, isDragging];
    // Nothing else changes while the song plays: a screen reader would read the same words again.
    if (about.every((each, index) => each === this.saidOf?.[index])) return;
    this.saidOf = about;
    const { pictures, grid } = data;
    const refusal = pictures ? refusalOf(shown.read, pictures.length, grid?.seen.length ?? 0) : undefined;
    const { words, isWrong, line } = saysOf(shown, { ...data, text, selected, message, isDragging, kind: this.kind, refusal });
    if (this.says.textContent !== words) this.says.textContent = words;
    this.says.parentElement.classList.toggle("wrong", isWrong);
    this.canvas.setAttribute("aria-label", words);
    this.lineButton.hidden = line === null;
    this.lineButton.textContent = t`Line ${line}`;
    this.lineAtFault = line;
  }

  /** Writes an edit into the node's text, as if it had been typed; says why if it is refused. */
  change(edited) {
    if (this.data.wired) return false;
    try {
      const text = edited(this.text);
      this.message = "";
      this.write(text);
      return true;
    } catch (error) {
      if (!(error instanceof edit.EditRefused)) throw error;
      this.set({ message: error.message });
      return false;
    }
  }

  write(text) {
    // What was typed before is a step of its own: without this, one undo would take it away together with the edit.
    this.takeStep();
    const widget = this.textWidget;
    widget.value = text;
    widget.callback?.(text);
    this.text = text;
    this.node.setDirtyCanvas?.(true, true);
    this.takeStep();
    this.paint();
  }

  /** A step that ComfyUI's undo goes back to; none if nothing changed. */
  takeStep() {
    const tracker = app.extensionManager?.workflow?.activeWorkflow?.changeTracker;
    (tracker?.captureCanvasState ?? tracker?.checkState)?.call(tracker);
  }

  /** The section that commands are about. */
  get section() {
    return this.shown().sections.find((each) => each.index === this.selected);
  }

  snapped(seconds, isFree) {
    return this.data.grid && !isFree ? snapTime(seconds, this.data.grid) : Math.round(Math.max(0, seconds) * 100) / 100;
  }

  hintAt(seconds) {
    return { seconds, text: `${clockText(seconds)}${this.data.grid ? `: ${latenessText(seconds, this.data.grid)}` : ""}` };
  }

  goTo(seconds, select = true) {
    const { sections, length } = this.shown();
    const playhead = Math.min(Math.max(0, seconds), length);
    this.player.seek(playhead);
    const under = sectionAt(sections, playhead);
    this.set({ playhead, message: "", selected: select && under ? under.index : this.selected });
  }

  onKey(event) {
    const command = commandOf(event);
    if (command === undefined) return;
    // ComfyUI has its own meaning for these keys.
    event.preventDefault();
    event.stopPropagation();
    this.run(command);
  }

  run(command) {
    const { section, playhead, kind } = this;
    const { sections, length } = this.shown();
    const place = sections.findIndex((each) => each.index === this.selected);
    const around = (factor) => this.set({ view: zoomed(this.view, factor, playhead, length) });
    const cut = this.snapped(playhead, true);
    const step = (this.view.to - this.view.from) / 100;
    const commands = {
      play: () => this.player.toggle(playhead).then(() => this.paint(), (error) => this.set({ message: error.message })),
      back: () => this.goTo(playhead - step),
      forward: () => this.goTo(playhead + step),
      previous: () => sections[place - 1] && this.goTo(sections[place - 1].from),
      next: () => sections[place + 1] && this.goTo(sections[place + 1].from),
      beginning: () => this.goTo(0),
      end: () => this.goTo(length),
      // What is new is chosen: the next key or click is about it.
      split: () => this.change((text) => edit.split(text, cut, kind)) && this.goTo(cut),
      insert: () => this.change((text) => edit.insert(text, cut, kind)) && this.goTo(cut),
      join: () => this.change((text) => edit.join(text, this.selected, kind)),
      duplicate: () => this.change((text) => edit.duplicate(text, this.selected, length, kind)),
      distribute: () => this.change((text) => edit.distribute(text, length, kind)),
      remove: () => this.change((text) => edit.remove(text, this.selected, kind)) && this.goTo(playhead),
      edit: () => section && !this.data.wired && editWords(this, section),
      loop: () => this.setLoop(this.loop || !section ? null : [section.from, section.to]),
      loopFrom: () => this.setLoop([playhead, Math.max(this.loop?.[1] ?? length, playhead + 0.1)]),
      loopTo: () => this.setLoop([Math.min(this.loop?.[0] ?? 0, playhead - 0.1), playhead]),
      zoomIn: () => around(1.5),
      zoomOut: () => around(1 / 1.5),
      fit: () => this.set({ view: wholeSong(length) }),
    };
    commands[command]?.();
  }

  setLoop(loop) {
    this.player.setLoop(loop);
    this.set({ loop });
  }
}
