"""The page docs/audit.md, written from the rules themselves."""

from __future__ import annotations

from collections.abc import Sequence

from .rule import Rule

_HEAD = """# Audit of workflows

    python scripts/audit_workflows.py [FILE ...] [--list] [--only RULE] [--skip RULE] [--json] [--strict] [-v]

looks for what goes wrong in a render before it is made. It needs Python 3.10 and nothing else: no ComfyUI, no torch, no
installation. Without files it looks at the workflows that come with Audio Loop. It reads what ComfyUI saves
(*Workflow > Save*), old and new forms of links, subgraphs, Set/Get pairs and bypassed nodes, and nodes of the packs that older
loop workflows use. Nodes are found by what they are and what they feed, so ids and titles do not matter.

It never changes a file. Each finding says what you will see in the video, why, and what mends it. A command is tried on a copy
of the graph before it is printed; if it does not help, you read what to do by hand.

    python scripts/workflow.py mend FILE

does everything that needs no choice of yours, in the right order, and prints what is left. It keeps the bytes of before:
`mend --revert FILE` brings them back. Planners that are bypassed are switched on, and it says so.

| severity | means |
|---|---|
| ERR | the video will show it, or there will be none |
| WARN | it may be meant; have a look |
| OK | looked at, nothing found (`-v` lists these) |

The exit status is 0 if nothing is ERR, 1 if something is (with `--strict` also if a WARN is left), and 2 if a file
cannot be read.

A warning that is meant can be explained in the graph itself: put a line such as

<!-- not run: a line for a note on the canvas -->

    audit: cfg_value the full model is used here, only the file is called distilled

into any note. The warning is then shown with that reason and no longer counts. An ERR cannot be explained away.

A graph whose links contradict each other is looked at as it would run after `python scripts/workflow.py repair`.

"""


def page(rules: Sequence[Rule]) -> str:
    """The whole page in Markdown."""
    return _HEAD + f"## The {len(rules)} rules\n\n" + "\n".join(section(rule) for rule in rules)


def section(rule: Rule) -> str:
    """The part of the manual on one rule."""
    return (
        f"### {rule.code}\n\n"
        f"{rule.severity.value} · {_sentence(rule.summary)}\n\n"
        f"- You see: {rule.seen}\n"
        f"- Why: {rule.why}\n"
        f"- Mend: {rule.mend}{f'; by hand: {rule.by_hand}' if rule.by_hand else ''}\n"
    )


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."
