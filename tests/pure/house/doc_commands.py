"""The commands of the pages: which are run by a test, with which files, and which by another test or not at all."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from .doc_pages import CodeBlock

COMMAND_LINE = re.compile(r"(?:uv run --group \w+ |nice )?python3? (\S.*)")


@dataclass(frozen=True)
class Substitution:
    """How a command of a page is run: arguments added, and the exit statuses that say that it did its work."""

    more: str = ""
    statuses: tuple[int, ...] = (0,)


RUN = {
    "build_workflows.py": Substitution("--check"),
    "make_llm_pages.py": Substitution("--check"),
    "make_reference.py": Substitution("--check"),
    "make_guide_coverage.py": Substitution("--check"),
    "workflow.py show": Substitution(),
    "workflow.py diff": Substitution(statuses=(0, 1)),
    "workflow.py check": Substitution(),
    "workflow.py repair": Substitution(),
    "workflow.py audit": Substitution(),
    "workflow.py migrate": Substitution(),
    "workflow.py mend": Substitution(),
    "workflow.py to-api": Substitution(),
    "workflow.py fold": Substitution(),
    "workflow.py unfold": Substitution(),
    "workflow.py fmt": Substitution(),
    "audit_workflows.py": Substitution(),
    "validate_workflow_decoder.py": Substitution(statuses=(0, 1)),
    "validate_workflow_resolution.py": Substitution(statuses=(0, 1)),
    "apply_ltx_decoder.py": Substitution(),
    "apply_purge_vram.py": Substitution(),
    "apply_sage_mode.py": Substitution(),
    "apply_profiling_nodes.py": Substitution(),
    "apply_loop_guide_preprocess_symmetry.py": Substitution(),
    "estimate.py": Substitution(),
    "preflight.py": Substitution(statuses=(0, 1)),
    "check_schedule.py": Substitution(statuses=(0, 1)),
    "analyze_audio_features.py": Substitution(),
    "preprocess_audio_for_ltx.py": Substitution(),
    "doctor.py": Substitution(statuses=(0, 1)),
    "autoresearch.py": Substitution("--dry-run"),
}
"""Script, with its sub-command -> how it is run here."""

BY_OTHERS = {
    "demo.py": "tests/comfy/comfy_host/test_server.py::test_the_demo_makes_a_video_of_a_song_and_a_picture_with_the_toy_model",
    "make_locales.py": "tests/comfy/nodes/test_locales.py::test_english_is_what_the_schemas_say",
    "autoresearch.py --preflight": "tests/comfy/autoresearch/test_run.py::test_a_sound_fixture_passes_the_preflight",
    "autoresearch.py bench": "tests/comfy/autoresearch/test_bench.py"
    "::test_a_table_is_printed_and_its_scorecards_are_met_by_themselves",
    "farm.py": "tests/comfy/farm/test_farm.py::test_every_song_has_its_video",
    "autoresearch.py report": "tests/pure/autoresearch/reporting/test_report.py"
    "::test_arms_are_compared_with_the_baseline_in_all_metrics_the_primary_first",
    "autoresearch.py sweep": "tests/comfy/autoresearch/test_sweep_of_servers.py::test_a_killed_server_costs_no_run",
    "profile_summary.py": "tests/comfy/measuring/test_attention_traces.py::test_operators_nodes_and_memory",
    "sage_summary.py": "tests/comfy/measuring/test_attention_traces.py::test_attention_by_kernel_reason_iteration_and_shape",
}
"""Command -> the test that runs what it does on a real ComfyUI, or with a folder that only such a run makes."""

NOT_RUN = {
    "run_tests.py": "it runs this test; the checks of every commit are this command",
    "check_compat.py": "it reads a ComfyUI; its own test runs it",
    "make_schema_snapshot.py": "it asks a running ComfyUI; the comfy tier compares its result",
}
"""Command -> why no test runs it."""

OUTPUTS = {
    "web/docs/PurgeVRAM": "a message of ComfyUI",
    "web/docs/LoopWindowLatent": "a report of the node",
    "docs/known_good_settings": "negative prompts to paste",
    "docs/guides/prompt_writing": "pieces of prompts",
    "docs/guides/profiling": "pieces of a report",
    "docs/reference/conditioning": "shapes of tensors",
    "docs/reference/plan_arithmetic": "arithmetic, held by the test of that page",
    "docs/reference/schedule_language": "grammar, and lines that are refused; held by the test of that page",
}
"""Pages whose blocks of other text need no mark: ComfyUI shows help as it is, and some pages have a test of their own."""

NAMES = {
    "WORKFLOW": "workflow.json",
    "FILE": "workflow.json",
    "OLD": "workflow.json",
    "NEW": "other.json",
    "API": "made_api.json",
    "FLAT": "made_flat.json",
    "SONG": "song.wav",
    "IN": "song.wav",
    "song.mp3": "song.wav",
    "song.wav": "song.wav",
    "VIDEO": "video.mp4",
    "VIDEO|RUN_FOLDER": "video.mp4",
    "SCHEDULE": "answer.txt",
    "my.json": "fixture.json",
    "my_workflow.json": "workflow.json",
    "my_schedule.txt": "answer.txt",
    "184": "18",
}
"""Names that stand for a reader's own -> files that are made here."""

AFTER_FLAG = {"--audio": "song.wav", "--fixture": "fixture.json", "--workflow": "workflow.json", "--schedule": "answer.txt"}


def commands(block: CodeBlock) -> list[str] | None:
    """The commands of a block without what is said of them behind two spaces; None if another line is among them."""
    lines = [re.split(r"\s{2,}", line.strip())[0] for line in block.lines if line.strip()]
    found = [COMMAND_LINE.fullmatch(line) for line in lines]
    others = [line for line, match in zip(lines, found, strict=True) if not match and not line.startswith("pip install ")]
    return None if others else [match[1] for match in found if match]


def script_and_arguments(command: str) -> tuple[str, list[str]]:
    """The script's name, `-m audio_loop.x` as the script of a clone, and its arguments without those in brackets."""
    while re.search(r"\[[^][]*\]", command):
        command = re.sub(r" ?\[[^][]*\]", "", command)
    words = shlex.split(command)
    if words[0] == "-m":
        name = words[1].removeprefix("audio_loop.")
        return {"workflow_graph": "workflow.py"}.get(name, f"{name}.py"), words[2:]
    return Path(words[0]).name, words[1:]


def key_of(name: str, arguments: list[str]) -> str | None:
    """The entry of the tables for a command, the most exact first."""
    keys = [f"{name} {argument}" for argument in arguments[:1] + [each for each in arguments if each.startswith("--")]]
    return next((key for key in (*keys, name) if key in RUN or key in BY_OTHERS or key in NOT_RUN), None)


def substituted(arguments: list[str]) -> list[str]:
    """Arguments with files that are there."""
    before = ["", *arguments][: len(arguments)]
    return [
        AFTER_FLAG[flag] if word == "F" and flag in AFTER_FLAG else NAMES.get(word, word.removesuffix("..."))
        for flag, word in zip(before, arguments, strict=True)
    ]
