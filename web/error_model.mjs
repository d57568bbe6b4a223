// Which node a user has to edit after an error, and which line of its text: pure, tested by `node --test`.

const SCHEDULE_LINE = /\bschedule line (\d+)\b/;
const SONG = /\b(audio|song)\b/;

function isLink(value) {
  return Array.isArray(value) && value.length === 2;
}

/** The input of a node that a message is about; undefined if it names none. */
function inputAtFault(inputs, message) {
  if ("schedule" in inputs && (SCHEDULE_LINE.test(message) || /^\w+: the schedule\b/.test(message))) return "schedule";
  const named = Object.keys(inputs).filter((name) => new RegExp(`\\b${name}\\b`).test(message));
  // "window_seconds" before "window": what is longer says more.
  named.sort((a, b) => b.length - a.length);
  if (named.length > 0) return named[0];
  return "audio" in inputs && SONG.test(message) ? "audio" : undefined;
}

/** The node at which the value of an input is typed or chosen: along links, as long as a node hands on what it is given. */
function sourceOf(prompt, id, name) {
  const seen = new Set();
  let [at, input] = [id, name];
  while (!seen.has(at)) {
    seen.add(at);
    const value = prompt[at]?.inputs?.[input];
    if (!isLink(value) || prompt[value[0]] === undefined) return at;
    at = String(value[0]);
    const links = Object.entries(prompt[at].inputs ?? {}).filter(([, each]) => isLink(each));
    // Any other node would make something new of what it is given.
    input = links.find(([each]) => each === name)?.[0] ?? (links.length === 1 ? links[0][0] : undefined);
    if (input === undefined) return at;
  }
  return at;
}

/**
 * Where to mend an error.
 *
 * @param {{node_id: string, node_type: string, exception_message: string}} error as ComfyUI reports it
 * @param {Record<string, {class_type: string, inputs: object}>} prompt what was sent, in API form
 * @returns {{node: string, line: number | null, message: string}} execution id of the node to edit, line of its text from 1
 */
export function whereToMend(error, prompt) {
  const message = String(error.exception_message ?? "").trim();
  // An error inside a loop is reported at the node that runs the loop; the pack's messages begin with the class at fault.
  const [, named] = /^(\w+): /.exec(message) ?? [];
  const inside = Object.keys(prompt).filter((id) => prompt[id].class_type === named);
  const refusing = prompt[error.node_id]?.class_type !== named && inside.length === 1 ? inside[0] : String(error.node_id);
  const name = inputAtFault(prompt[refusing]?.inputs ?? {}, message);
  const line = name === "schedule" ? SCHEDULE_LINE.exec(message)?.[1] : undefined;
  const node = name === undefined ? refusing : sourceOf(prompt, refusing, name);
  return { node, line: line === undefined ? null : Number(line), message };
}

/** Where a line lies in a text: [start, end), without its end of line; null if there is no such line. */
export function lineRange(text, line) {
  const lines = text.split("\n");
  if (line < 1 || line > lines.length) return null;
  const start = lines.slice(0, line - 1).reduce((length, each) => length + each.length + 1, 0);
  return [start, start + lines[line - 1].length];
}
