// Marks a line in the text that a node holds.
import { lineRange } from "./error_model.mjs";

/** Selects the line and scrolls to it. It is not focused: the next key would replace it. Gives the text area. */
export function showLine(node, line) {
  const widget = node.widgets?.find((each) => typeof each.value === "string" && each.value.includes("\n"));
  const range = widget && lineRange(widget.value, line);
  const drawn = document.querySelector(`[data-node-id="${node.id}"] textarea`);
  const area = widget?.element?.tagName === "TEXTAREA" && widget.element.isConnected ? widget.element : drawn;
  if (!range || !area) return undefined;
  area.setSelectionRange(...range);
  area.scrollTop = (area.scrollHeight * (line - 1)) / widget.value.split("\n").length;
  return area;
}
