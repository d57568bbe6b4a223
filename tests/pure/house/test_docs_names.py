"""Nodes, inputs, rules, workflows and files that a page names are there."""

from __future__ import annotations

import functools
import json
import re

from .doc_pages import DocPage, code_spans, listed, pages, prose
from .import_graph import REPOSITORY

SEEN = ("workflow_graph/schemas/*.json", "workflow_graph/shipped/*.py", "locales/*.json", "web/*.mjs", "web/*.js", "nodes/*.py")
"""Files with the words that people see on nodes, buttons and panels."""

NOT_OURS = {
    "Custom Nodes Manager": "a button of ComfyUI's manager",
    "View details": "a button of ComfyUI",
    "Sort by: A → Z": "a menu of ComfyUI",
    "Settings → Language": "a menu of ComfyUI",
    "Enter app mode": "a button of ComfyUI",
    "Cancel this run": "a button of ComfyUI",
    "Build an app": "a button of ComfyUI",
    "City Blues": "a song that the analysis was tried on",
    "Let's Go Fishin'": "a song that the analysis was tried on",
    "A computationally efficient multipitch analysis model": "a paper",
    "Estimating the structural segmentation of popular music pieces under regularity constraints": "a paper",
    "Model Sparse Attention": "a node of ComfyUI after 0.33",
    "Room tone": "a title in a reference",
    "Node ID badge mode": "a setting of ComfyUI",
    "Model Attention Backend": "a node of ComfyUI after 0.33",
    "Workflow > Save": "a menu of ComfyUI",
    "Show advanced inputs": "a button of ComfyUI",
    "A woman with silver hair in a red coat": "an example of a subject",
    "The person in the picture": "an example of a subject",
    "Maximum filter vibrato suppression for onset detection": "a paper",
    "Template-based estimation of time-varying tempo": "a paper",
    "Beat tracking by dynamic programming": "a paper",
    "Tonal description of music audio signals": "a paper",
    "Towards light-weight, real-time-capable singing voice detection": "a paper",
    "Accurate short-term analysis of the fundamental frequency": "a paper",
    "Automatic audio segmentation using a measure of audio novelty": "a paper",
    "Unsupervised music structure annotation by time series structure features and segment similarity": "a paper",
}
"""Names in italics that no file of the pack shows, and what they are."""

OTHERS_WORDS = {
    "BlockSparseAttention": "a class of ComfyUI after 0.33",
    "pickle": "a module of Python",
    "Documentation": "a key of pyproject.toml",
    "Issues": "a key of pyproject.toml",
    "Banner": "a key of the registry",
    "vX": "the form of a version",
    "video_ltx2_3_ia2v": "a template of ComfyUI",
    "sla": "a method of ComfyUI after 0.33",
    "vsa": "a method of ComfyUI after 0.33",
    "video_ltx2_5_t2v": "a template of ComfyUI",
    "_i2v": "a template of ComfyUI",
    "_flf2v": "a template of ComfyUI",
    "templates_graphic_design_recomposer": "a template of ComfyUI",
    "mir_eval": "a package of music research",
    "input_scaled": "a key in a model file",
    "transformer_only": "a part of a model file's name",
    "_px": "the end of a name",
    "_latents": "the end of a name",
    "_image": "the end of a workflow's name",
}
"""Words in backticks that no file of the pack holds, and what they are."""

MADE_LATER = re.compile(
    r"^(?:output|temp|models|user|custom_nodes|ComfyUI|data)/"  # folders of a ComfyUI and of experiments
    r"|^(?:comfy|comfy_extras|comfy_execution|app)/"  # ComfyUI's own code
    r"|\.doctor(?:-\d)?\.(?:html|json)$"  # reports beside a video
)
"""Paths that are no files of a checkout."""

OTHERS_FILES = {
    "attention.jsonl": "a profile's folder",
    "execution.jsonl": "a profile's folder",
    "memory_timeline.json": "a profile's folder",
    "profile_trace.json": "a profile's folder",
    "metrics.json": "an experiment's folder",
    "workflow.json": "an experiment's folder",
    "audio_loop/file_hashes.json": "a file beside ComfyUI's user settings",
    "song.json": "a file of the reader",
    "out.md": "a file of the reader",
    "out-2.md": "a file of the reader",
    "dfr_pipeline.py": "the code of LTX",
    "gemma4.py": "ComfyUI's own code",
    "video/audio_loop": "the beginning of a video's name",
    "song.png": "a file of the reader",
    ".jpg": "the end of a file of the reader",
}
"""Files that are made by a run or belong to somebody else, and whose they are."""

GUIDES_OWN = {"docs/coverage_of_the_guide.md"}
"""Pages that list files by the names that the guide gave them; the test of that page looks at each row."""

PATH = re.compile(r"[\w.…*<>{}/-]+/?")
ENDING = re.compile(r"\.(?:py|json|jsonl|md|mjs|js|toml|sh|html|png|jpg|cff|yml|yaml)$")
IN_TEXT = re.compile(
    r"(?<![\w./<>-])(?:scripts|benchmarks|tests|docs|web|workflow_graph|autoresearch)/[\w/.-]*\w\.(?:py|md|json|png|mjs|toml)\b"
)
ITALICS = re.compile(r"(?<![*\w\\])\*([^*\s](?:[^*]*[^*\s])?)\*(?![*\w])")
INPUT_OF_NODE = re.compile(r"`(\w+)` (?:of|on) \*([^*]+)\*")


@functools.cache
def seen_words() -> str:
    """Everything that the pack shows to people, spaces as one."""
    return re.sub(r"\s+", " ", "\n".join((REPOSITORY / name).read_text("utf-8") for name in listed(*SEEN)))


@functools.cache
def identifiers(page: str = "") -> frozenset[str]:
    """Every word of the pack's code, schemas, workflows and settings; those of tests are for who changes the pack."""
    files = listed("*.py", "*.mjs", "*.js", "*.json", "*.toml", "*.sh", ".*")
    chosen = [name for name in files if page == "CONTRIBUTING.md" or not name.startswith("tests/")]
    return frozenset(word for name in chosen for word in re.findall(r"\w+", (REPOSITORY / name).read_text("utf-8")))


@functools.cache
def schemas_by_display_name() -> dict[str, dict]:
    """Schemas of the pack's nodes."""
    nodes = json.loads((REPOSITORY / "workflow_graph/schemas/audio-loop.json").read_text("utf-8"))["nodes"]
    return {schema["display_name"]: schema for schema in nodes.values()}


@functools.cache
def is_shown(phrase: str) -> bool:
    """Whether people can see these words on a node, a button, a panel, or as a workflow's name."""
    if phrase.startswith("audio-loop"):
        return f"example_workflows/{phrase}.json" in listed()
    return phrase in seen_words() and bool(re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", seen_words()))


@functools.cache
def is_file(path: str, page: str) -> bool:
    """Whether a path names files: from the repository, from the page, or the end of one; `*`, `…`, `<x>`: any name."""
    pattern = re.sub(r"<[^>]+>|\{[^}]+\}|\*|…", "\0", path.removeprefix("./").rstrip("/"))
    name = re.escape(pattern).replace(re.escape("\0"), r"[^\n]*")
    return (
        bool(re.search(rf"(?m)(?:^|/){name}(?:\.\w+)?(?:/|$)", "\n".join(listed())))
        or ((REPOSITORY / page).parent / path).exists()
    )


def faults(page: DocPage) -> list[str]:
    """Names of a page that nothing bears, a line each. One word in italics may be stressed, and a sentence may be quoted."""
    wrong = []
    if not page.name.endswith("/zh.md"):
        for found in ITALICS.finditer(prose(page)):
            phrase = re.sub(r"\s+", " ", found[1])
            is_name = (phrase[0].isupper() and " " in phrase and phrase[-1] not in ".:?!") or phrase.startswith("audio-loop")
            if is_name and phrase not in NOT_OURS and not is_shown(phrase):
                wrong.append(f"{page.place(found.start())} names *{phrase}*, which no node, button or workflow is called")
    for found in INPUT_OF_NODE.finditer(page.text):
        schema = schemas_by_display_name().get(re.sub(r"\s+", " ", found[2]))
        if schema is not None and found[1] not in {*schema["required"], *schema["optional"], *schema["output_name"]}:
            wrong.append(f"{page.place(found.start())} names `{found[1]}` of *{found[2]}*, which has no such input or output")
    for place, span in code_spans(page):
        wrong += [f"{place} {fault}" for fault in span_faults(span, page.name)]
    for found in IN_TEXT.finditer(page.text if page.name not in GUIDES_OWN else ""):
        if found[0] not in listed() and not MADE_LATER.search(found[0]):
            wrong.append(f"{page.place(found.start())} names the file {found[0]}, which is not there")
    numbers = {int(re.findall(r"/r(\d+)_", name)[0]) for name in listed("prompting/checking/rules/r*.py")}
    wrong += [
        f"{page.place(found.start())} names {found[0]}, which is no rule for schedules"
        for found in re.finditer(r"(?<![\w-])R(\d{1,2})(?![\w-])", page.text)
        if int(found[1]) not in numbers
    ]
    return wrong


def span_faults(span: str, page: str) -> list[str]:
    """Faults of one code span: a path that is no file, or a word that the pack does not know."""
    is_path = PATH.fullmatch(span) and ("/" in span or ENDING.search(span)) and re.search(r"[A-Za-z]{2}", span)
    is_route = span.startswith("/")
    if is_path and not is_route and not MADE_LATER.search(span) and span not in OTHERS_FILES and not is_file(span, page):
        return [f"names the file `{span}`, which is not there; if a run or somebody else makes it, say so in OTHERS_FILES"]
    if not is_route and (is_path or not re.fullmatch(r"[A-Za-z_][\w.]*(?:\(.*\))?", span)):
        return []
    known = identifiers(page if page == "CONTRIBUTING.md" else "")
    unknown = [word for word in re.findall(r"[A-Za-z_]\w*", span) if word not in known and word not in OTHERS_WORDS]
    return [f"names `{span}`, and nothing in the pack is called {word}" for word in unknown]


def test_names_are_those_of_the_pack():
    found = [fault for page in pages() for fault in faults(page)]
    assert not found, "\n" + "\n".join(found)


def test_wrong_names_are_found():
    text = (
        "*Audio Loop Plannner* *audio-loop-nothing* `AudioLoopPlannner` `overlap_secondz` `scripts/none.py` `none.json` R99\n"
        "`context_frames_of_nothing` of *Audio Loop Planner*, `seed` of *Audio Loop Planner*, scripts/other.py\n"
        "*Audio Loop Planner* *audio-loop_smoke* `AudioLoopPlanner` `overlap_seconds` of *Audio Loop Planner* R9 `docs/*.md`\n"
    )
    found = faults(DocPage("docs/new.md", text))
    assert len(found) == 12, found
    assert all(fault.startswith(("docs/new.md:1 ", "docs/new.md:2 ")) for fault in found)
