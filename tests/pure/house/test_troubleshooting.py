"""The pages for a user in trouble are true: links, commands, rules, tests, numbers and negative prompts are the code's."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from functools import cache

import pytest

from audio_loop.loop_control.plan import make_plan
from audio_loop.prompting.vocabulary.looks import negative_prompt
from audio_loop.workflow_graph.audit.rules.decoder import right_core_values
from audio_loop.workflow_graph.shipped.prompts import NEGATIVE_PROMPT

from .import_graph import REPOSITORY

PAGES = {
    name: (REPOSITORY / "docs" / f"{name}.md").read_text("utf-8")
    for name in ("troubleshooting", "known_good_settings", "war_stories")
}
SETTINGS, TROUBLE, STORIES = PAGES["known_good_settings"], PAGES["troubleshooting"], PAGES["war_stories"]
SCHEMAS = [json.loads(file.read_text("utf-8")) for file in (REPOSITORY / "workflow_graph" / "schemas").glob("*.json")]


def anchors(text):
    return {re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_to_pages_and_headings(name):
    targets = re.findall(r"\]\(([^)]+)\)", PAGES[name].replace("\n", " "))
    assert targets
    for target in targets:
        path, _, place = target.partition("#")
        page = REPOSITORY / "docs" / (path or f"{name}.md")
        assert page.is_file(), target
        assert not place or place in anchors(page.read_text("utf-8")), target


def commands(text):
    """Script, its further command if it has one, and flags, of each command that a page tells."""
    for script, rest in re.findall(
        r"python (scripts/\w+\.py)([^`\n]*)", re.sub(r"`([^`]+)`", lambda m: m[0].replace("\n", " "), text)
    ):
        words = rest.split("  ")[0].split()
        verb = words[0] if words and script in {"scripts/workflow.py", "scripts/autoresearch.py"} and words[0].islower() else ""
        yield script, verb if verb.isalpha() else "", {word for word in words if word.startswith("--")}


@cache
def flags_of(script, verb):
    call = [sys.executable, str(REPOSITORY / script), *([verb] if verb else []), "--help"]
    shown = subprocess.run(call, check=True, capture_output=True, encoding="utf-8", cwd=REPOSITORY).stdout
    return set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", shown))


def test_commands_and_their_flags_are_there():
    told = [command for text in PAGES.values() for command in commands(text)]
    assert len(told) >= 25
    for script, verb, flags in told:
        assert (REPOSITORY / script).is_file(), script
        if flags or verb:
            assert flags <= flags_of(script, verb), (script, verb, flags)


def test_rules_symptoms_and_causes_are_there():
    known = {
        path.stem
        for folder in ("workflow_graph/audit/rules", "preflight/rules", "doctor/detectors", "doctor/causes")
        for path in (REPOSITORY / folder).glob("*.py")
    }
    paragraphs = [part for part in TROUBLE.split("\n\n") if part.startswith("*Who says it:*")]
    assert len(paragraphs) >= 12
    for part in paragraphs:
        assert set(re.findall(r"`([a-z]+_[a-z_]+)`", part)) <= known, part
        causes = [each.replace("\n", " ") for each in re.findall(r"causes? (\*[^*]+\*(?: and \*[^*]+\*)?)", part)]
        assert {name.replace(" ", "_") for each in causes for name in re.findall(r"\*([^*]+)\*", each)} <= known, part


def test_tests_that_prove_a_story_are_there():
    proofs = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", STORIES)
    assert len(proofs) >= 15
    for path, function in proofs:
        assert f"\ndef {function}(" in (REPOSITORY / path).read_text("utf-8"), (path, function)


def test_numbered_nodes_are_those_of_the_shipped_workflows():
    shown = {
        name: node["display_name"] for schema in SCHEMAS for name, node in schema["nodes"].items() if "display_name" in node
    }
    stored = json.loads((REPOSITORY / "example_workflows" / "api" / "audio-loop-music-video_latent.json").read_text("utf-8"))
    types = {node_id.split(":")[-1]: node["class_type"] for node_id, node in stored.items()}
    types["508"] = "LTXNormalizedAttentionGuidance"  # bypassed, so it is not in what is sent
    told = re.findall(r"\| (\d+)(?: and \d+)? \*([^*]+)\* \|", SETTINGS)
    assert len(told) >= 9
    for node_id, name in told:
        assert name in {types[node_id], shown.get(types[node_id])}, (node_id, name)
    (sigmas,) = [node["inputs"]["sigmas"] for node in stored.values() if node["class_type"] == "ManualSigmas"]
    assert f"`{sigmas}`" in SETTINGS
    (guidance,) = [schema["nodes"]["LTXNormalizedAttentionGuidance"] for schema in SCHEMAS if schema["pack"] == "audio-loop"]
    values = {name: guidance["required"][name][1]["default"] for name in ("nag_scale", "nag_alpha", "nag_tau")}
    assert ", ".join(f"{name} {value:g}" for name, value in values.items()) in SETTINGS


def test_negative_prompts_are_those_of_the_code():
    told = [" ".join(block.split()) for block in re.findall(r"(?:^    .+\n)+", SETTINGS, re.MULTILINE)]
    made = [
        negative_prompt(*case, "", is_one_person=True)
        for case in (("cinematic", "music"), ("cinematic", "standup"), ("painterly", "music"))
    ]
    assert told == [NEGATIVE_PROMPT, *made]


def test_numbers_follow_from_the_plan():
    def plan(overlap):
        return make_plan(audio_samples=180 * 44100, sample_rate=44100, window_seconds=19.88, overlap_seconds=overlap, fps=25)

    rows = re.findall(r"^\| (\d) \| ([\d.]+) s \| (\d+), (\d+) \|$", TROUBLE, re.MULTILINE)
    assert [row[0] for row in rows] == ["1", "2", "3", "4"]
    for overlap, stride, size, shared in rows:
        stride_px = round(float(stride) * 25)
        assert float(plan(int(overlap)).visible_from(2) - plan(int(overlap)).visible_from(1)) == float(stride)
        assert (int(size), int(shared)) == right_core_values(stride_px)
    text = " ".join(TROUBLE.split())
    made = [plan(overlap).iterations for overlap in (2, 3, 4)]
    assert "take {} iterations behind the first window with an overlap of 2, {} with 3, and {} with 4".format(*made) in text
    cuts = [f"{float(plan(2).visible_from(k)):.2f}" for k in (1, 2, 3)]
    assert f"Joins are at {', '.join(cuts)} s" in text
    assert f"0:00, {', '.join(f'0:{cut}' for cut in cuts)} and so on" in text
