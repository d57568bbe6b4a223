// What the panel of the check shows, made of the route's answer: pure functions, tested by `node --test`.
import { clockText } from "../time_text_model.mjs";
import { t } from "../words_model.mjs";

/** Nodes with a button of their own, by class. Any other node gets one by `addCheckButton`. */
export const CHECKED_CLASSES = new Set(["AudioLoopPlanner"]);

const LATE_SECONDS = 0.05;

/** The line on top: its kind ("ok", "warning", "error") and its words. */
export function banner({ verdict, errors, warnings }) {
  const kind = errors > 0 ? "error" : warnings > 0 ? "warning" : "ok";
  return { kind, text: verdict };
}

/** One card a finding, errors first: kind, node (or null), line of its text (or null), where, message and what follows as [label, text]. */
export function cards({ findings }) {
  const rank = ({ severity, explanation }) => (severity === "ERR" ? 0 : explanation === null ? 1 : 2);
  return [...findings]
    .sort((one, other) => rank(one) - rank(other))
    .map((finding) => ({
      kind: finding.severity === "ERR" ? "error" : finding.explanation === null ? "warning" : "meant",
      node: finding.node,
      line: finding.line,
      where: finding.where,
      message: finding.message,
      rows:
        finding.explanation === null
          ? [
              [t`You see`, finding.seen],
              [t`Why`, finding.why],
              [t`Mend`, finding.mend],
            ]
          : [[t`Meant`, finding.explanation]],
    }));
}

/** The plan in one sentence; "" if there is none. */
export function planSentence({ plan }) {
  if (plan === null) return "";
  const count = plan.windows.length;
  const song = clockText(plan.song_seconds);
  if (count === 1) return t`Song ${song}: 1 window.`;
  const [length, stride] = [plan.window_seconds.toFixed(2), plan.stride_seconds.toFixed(2)];
  return t`Song ${song}: ${count} windows of ${length} s, a new one every ${stride} s.`;
}

/** Rows of the table of windows: number, hears, shows. */
export function windowRows({ plan }) {
  const range = ([from, to]) => `${clockText(from)} \u2013 ${clockText(to)}`;
  return (plan?.windows ?? []).map((window) => [String(window.index), range(window.hears), range(window.shows)]);
}

/** Rows of the table of prompts: line, asked, seen (with how far off), words. */
export function promptRows({ prompts }) {
  return prompts.map((prompt) => [
    String(prompt.line),
    clockText(prompt.asked_seconds),
    prompt.seen_seconds === null ? t`never` : `${clockText(prompt.seen_seconds)}${off(prompt)}`,
    prompt.text,
  ]);
}

function off({ asked_seconds: asked, seen_seconds: seen }) {
  const late = seen - asked;
  if (Math.abs(late) < LATE_SECONDS) return "";
  const seconds = Math.abs(late).toFixed(1);
  return late > 0 ? t`, ${seconds} s late` : t`, ${seconds} s early`;
}
