// The doctor's node: its report a click away, on the front too, and a word in the corner of the page when it has found something.
import { addNodeButton, say } from "../page_elements.mjs";
import { heldBy } from "../loop_places.mjs";
import { whenRunHere } from "../queued_graph.mjs";
import { english, t } from "../words_model.mjs";
import { noteExamined, reportUrl } from "./findings_data.mjs";
import { dataOf } from "./findings_model.mjs";

const NODE = "LoopDoctor";
const NAME = english`Open the report`;
const reports = new WeakMap();

/** Notes what a doctor has told of, for the timeline and the button. */
export function addDoctor(node) {
  if (node.comfyClass !== NODE) return;
  addButton(node, () => [node]);
  const onExecuted = node.onExecuted;
  node.onExecuted = function (output) {
    onExecuted?.call(this, output);
    whenRunHere(() => {
      const file = dataOf(output);
      if (file === null) return;
      reports.set(this, file);
      noteExamined(this, output);
    });
  };
}

/** On a node of the front that holds doctors, the button of theirs. */
export function addReportButtonToTheFront(front) {
  if (heldBy(front, NODE).length > 0 && !front.widgets?.some((widget) => widget.name === NAME)) addButton(front, () => heldBy(front, NODE));
}

function addButton(node, doctors) {
  addNodeButton(node, NAME, () => {
    const known = doctors().map((each) => reports.get(each)).filter((file) => file?.report);
    const [newest] = known.sort((a, b) => b.examined - a.examined);
    if (newest !== undefined) return void window.open(reportUrl(newest.report), "_blank", "noopener");
    say({ severity: "info", detail: t`There is no report yet: switch the doctor on and press Run.` });
  });
}
