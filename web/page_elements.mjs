// Small parts of the page that several pieces of the pack need: elements, buttons on nodes, short messages.
import { app } from "../../scripts/app.js";
import { translated } from "./words_model.mjs";

const FADES_MS = 8000;

/** An element with properties and children. */
export function element(tag, properties = {}, children = []) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/**
 * A button on a node, found by its English name in every language. It holds no value: it does not appear among the saved widget
 * values or in the prompt.
 */
export function addNodeButton(node, name, onClick) {
  const button = node.addWidget("button", name, null, onClick);
  button.label = translated(name);
  button.serialize = false;
  button.options = { ...button.options, serialize: false };
  return button;
}

/** A message in the corner of the page: `{severity, detail}`, and `summary` or `life` if they are not the usual ones. */
export function say(message) {
  app.extensionManager.toast.add({ summary: "Audio Loop", life: FADES_MS, ...message });
}
