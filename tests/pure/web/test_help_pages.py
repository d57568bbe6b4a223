"""The help pages that ComfyUI shows for the pack's nodes: there, complete, and true of schemas and messages.

ComfyUI's frontend asks for `docs/<node id>/<language>.md` and takes `docs/<node id>.md` if there is none, which is English.
"""

from __future__ import annotations

import ast
import functools
import json
import re
from pathlib import Path

import pytest

from audio_loop.comfy_host.environment import REPOSITORY
from audio_loop.loop_control.plan import make_plan
from audio_loop.loop_control.rates import clock_text
from audio_loop.loop_control.retake_span import span_asked_for

DOCS = REPOSITORY / "web" / "docs"
FEWEST_LINES, MOST_LINES = 30, 120
HEADINGS = {
    "en": ["When to use it", "Inputs", "Outputs", "Example", "Common mistakes", "See also"],
    "zh": ["什么时候用", "输入", "输出", "示例", "常见错误", "另见"],
}
NODE = re.compile(r"\*\*([^*|]+)\*\* \(`(\w+)`\)")
LISTED = re.compile(r"^- `([^`]+)`[:：]", re.MULTILINE)
"""An input, an output or a message. In the narrow panel of the frontend a table would leave them a few words a line."""
LINK = re.compile(r"\]\(([^)]+)\)")
MARKED = re.compile(r"\*{1,2}([^*\n]+)\*{1,2}")
BUTTON = re.compile(r'\["\w+", english`([^`]+)`')
VALUE = "\0"


@functools.cache
def schemas():
    """Schemas of the nodes that users place, from the snapshot; the loop engine makes its own by itself."""
    engine = {
        call.args[0].value
        for call in ast.walk(ast.parse((REPOSITORY / "nodes" / "loop_drivers.py").read_text("utf-8")))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "_engine_schema"
    }
    found = json.loads((REPOSITORY / "workflow_graph" / "schemas" / "audio-loop.json").read_text("utf-8"))["nodes"]
    assert len(engine) >= 6
    assert engine < set(found)
    return {node: schema for node, schema in found.items() if node not in engine}


def page_of(node: str, language: str) -> Path:
    return DOCS / f"{node}.md" if language == "en" else DOCS / node / f"{language}.md"


def pages():
    return [(node, language) for node in schemas() for language in HEADINGS]


def names_of(schema):
    """Every input and output, also those that a choice brings: `mode.iterations`."""
    inputs = {**schema.get("required", {}), **schema.get("optional", {})}
    nested = [
        f"{name}.{inner}"
        for name, given in inputs.items()
        for option in (given[1].get("options", []) if len(given) > 1 else [])
        if isinstance(option, dict)
        for kind in ("required", "optional")
        for inner in option.get("inputs", {}).get(kind, {})
    ]
    return {*inputs, *nested, *schema["output_name"]}


def sections(text):
    """Text of each second-level heading."""
    parts = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@functools.cache
def messages():
    """Every text in the pack's code, with a mark where a value goes in."""

    def text(node):
        if isinstance(node, ast.Constant):
            return node.value if isinstance(node.value, str) else VALUE
        if isinstance(node, ast.JoinedStr):
            return "".join(text(part) for part in node.values)
        return VALUE

    rooms = ("nodes", "loop_control", "schedule", "loop_engine", "latent_ops", "audio", "video", "attention", "memory")
    rooms += ("measuring", "checkpoints", "comfyui_internals", "timeline", "files", "preflight", "prompting", "listening")
    rooms += ("web",)
    found = set()
    for path in (path for room in rooms for path in (REPOSITORY / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.JoinedStr | ast.Constant):
                found.add(text(node))
    return found


def is_said(message):
    """Whether a text of the code has these words in this order, with a value at each ellipsis."""
    pattern = re.compile(".*".join(re.escape(piece.strip()) for piece in message.split("…") if piece.strip()), re.DOTALL)
    return any(pattern.search(text) for text in messages())


def test_every_node_has_its_pages_and_every_page_its_node():
    wanted = {page_of(node, language) for node, language in pages()}
    assert wanted == set(DOCS.rglob("*.md"))


@pytest.mark.parametrize(("node", "language"), pages())
def test_a_page_has_its_parts(node, language):
    text = page_of(node, language).read_text("utf-8")
    lines = text.splitlines()
    assert lines[0] == f"# {schemas()[node]['display_name']}" or language != "en"
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == HEADINGS[language]
    assert FEWEST_LINES <= len(lines) <= MOST_LINES
    opening = text.split("\n## ")[0].split("\n", 1)[1].strip()
    assert len(re.findall(r"。|[.](?=\s|$)", opening)) == 2, "what it is for, in two sentences"


@pytest.mark.parametrize(("node", "language"), pages())
def test_a_page_names_every_input_and_output(node, language):
    schema, parts = schemas()[node], sections(page_of(node, language).read_text("utf-8"))
    inputs, outputs = (parts[HEADINGS[language][index]] for index in (1, 2))
    ours = names_of(schema)
    assert set(LISTED.findall(inputs + outputs)) == ours
    assert LISTED.findall(outputs) == schema["output_name"]


@pytest.mark.parametrize(("node", "language"), pages())
def test_messages_are_those_of_the_code(node, language):
    mistakes = sections(page_of(node, language).read_text("utf-8"))[HEADINGS[language][4]]
    assert [message for message in LISTED.findall(mistakes) if not is_said(message)] == []
    assert re.findall(r"^- ", mistakes, re.MULTILINE)


@pytest.mark.parametrize(("node", "language"), pages())
def test_what_a_page_points_at_is_there(node, language):
    text = page_of(node, language).read_text("utf-8")
    pointed = NODE.findall(text)
    assert [name for name, _ in pointed if not name.strip()] == []
    wrong = [(name, other) for name, other in pointed if other not in schemas() or name != schemas()[other]["display_name"]]
    assert wrong == []
    assert NODE.findall(sections(text)[HEADINGS[language][5]]), "see also"
    assert [link for link in LINK.findall(text) if not link.startswith("https://")] == [], "no other address works in the panel"


def test_both_languages_list_the_same_names_and_messages():
    for node in schemas():
        english, chinese = (page_of(node, language).read_text("utf-8") for language in HEADINGS)
        assert LISTED.findall(english) == LISTED.findall(chinese), node


def shown_words():
    """English -> Chinese of everything that the browser side shows."""
    return json.loads((REPOSITORY / "locales" / "zh" / "main.json").read_text("utf-8"))["audio_loop"]["shown"]


def test_chinese_pages_call_buttons_as_the_chinese_canvas_does():
    pages = {node: page_of(node, "zh").read_text("utf-8") for node in schemas()}
    english = [(node, name) for node, text in pages.items() for name in MARKED.findall(text) if name in shown_words()]
    assert english == []


def test_the_timeline_s_page_names_every_button():
    labels = BUTTON.findall((REPOSITORY / "web" / "timeline" / "tools.mjs").read_text("utf-8"))
    assert len(labels) >= 9
    words = {"en": dict(zip(labels, labels, strict=True)), "zh": shown_words()}
    for language in HEADINGS:
        named = MARKED.findall(page_of("AudioLoopPrompts", language).read_text("utf-8"))
        assert [label for label in labels if words[language][label] not in named] == [], language


def test_figures_are_those_of_the_plan():
    song = functools.partial(make_plan, audio_samples=180 * 44100, sample_rate=44100, window_seconds=19.88, fps=25)
    plans = {asked: song(overlap_seconds=asked) for asked in (1, 2, 3, 4)}
    rows = [
        (str(asked), f"{float(plan.overlap):.2f}", f"{float(plan.stride):.2f}", str(plan.iterations))
        for asked, plan in plans.items()
    ]
    plan = plans[2]
    sought = {
        "AudioLoopPlanner": [f"{plan.frames_made} ", f"{plan.frames_delivered} ", f"{plan.last_window_px} ", "37.80"],
        "AudioLoopController": [
            f"| {k} | {float(plan.start(k)):.2f} | {clock_text(plan.visible_from(k))} |" for k in (1, 2, 9)
        ],
        "LoopRetakeWindow": [f"{float(second):.2f}" for second in span_asked_for(plan, 564, 3, 0.0, 0.0, 1).seconds],
        "AudioLatentWindow": [f"{start} " for start, _ in (plan.nth_window(k).audio_latents for k in (1, 9))],
    }
    for language in HEADINGS:
        planner = page_of("AudioLoopPlanner", language).read_text("utf-8")
        assert re.findall(r"^\| (\d) \S+ \| ([\d.]+) \S+ \| ([\d.]+) \S+ \| (\d+) \|$", planner, re.MULTILINE) == rows
        for node, figures in sought.items():
            page = page_of(node, language).read_text("utf-8")
            assert [figure for figure in figures if figure not in page] == [], (node, language)


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("there is no … for window …; the list has windows", True),
        ("there is no … for window …; the list holds windows", False),
        ("for window there is no …", False),
    ],
)
def test_a_message_that_the_code_does_not_say_is_found(message, said):
    assert is_said(message) is said
