"""Limits and settings on the pages about checks, experiments, farms, profiles and migrations are those of the code."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest

from audio_loop.audio.reading.song_source import SongFile
from audio_loop.autoresearch.bench.expected import TOLERANCE
from audio_loop.autoresearch.decoder import TILE_INPUTS
from audio_loop.autoresearch.experiment import read_experiment
from audio_loop.autoresearch.run_command import SERVER
from audio_loop.autoresearch.statistics import CONFIDENCE, FEWEST_PAIRS
from audio_loop.farm.job import SECONDS_BETWEEN_LOOKS
from audio_loop.loop_control.audio_facts import SHORTEST_AUDIO
from audio_loop.preflight.listening import MOST_SECONDS
from audio_loop.workflow_graph.metadata.embedded import MAX_VALUES
from audio_loop.workflow_graph.metadata.limits import MAX_TEXT_BYTES
from audio_loop.workflow_graph.migrations.steps.preprocess_compression import COMPRESSION
from audio_loop.workflow_graph.shipped.variant import Variant

from ..import_graph import REPOSITORY, tree_of
from .phrases import check, told, word
from .shipped import default

BENCH = REPOSITORY / "benchmarks" / "song_v1"


def arms(experiment: str) -> list[Any]:
    """The settings of the arms of a shipped experiment."""
    found = read_experiment(REPOSITORY / "autoresearch" / "experiments" / experiment)
    return [arm.settings for arm in found.arms]


def length_seconds(path: Path) -> float:
    """Length of a sound, decoded."""
    song = SongFile(path)
    return sum(block.shape[1] for block in song.blocks()) / song.sample_rate


def of_preflight_route(name: str) -> Any:
    """What is assigned to a name in `nodes/preflight_route.py`, whose package cannot be imported without ComfyUI."""
    (found,) = [
        node.value
        for node in tree_of(Path("nodes/preflight_route.py")).body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name
    ]
    return found


def tiles(arm: int) -> int:
    """Frames of a tile of experiment E1."""
    values = arms("e1_decode_tiles.toml")[arm]["decode_tiles"].split(", ")
    return int(values[TILE_INPUTS.index("temporal_size")])


TWO, THREE = (int(arm["overlap_seconds"]) for arm in arms("e5_overlap.toml"))
AT_ONCE = of_preflight_route("_at_once").args[0].value
MEGABYTES = ast.unparse(of_preflight_route("MOST_BYTES"))
WARM_UP, ACTIVE = default("ProfileBegin", "warmup_iterations"), default("ProfileBegin", "active_iterations")
SCHEDULE = json.loads((BENCH / "fixture.json").read_text("utf-8"))["schedule"]

FIGURES = [
    *told(
        "docs/preflight.md",
        [
            ("for {} seconds at most: it says", word(MOST_SECONDS)),
            ("prompts of at most {} MB, {} at once", MEGABYTES.removesuffix(" * 2 ** 20"), word(AT_ONCE)),
        ],
    ),
    *told(
        "docs/experiments.md",
        [
            ("COMFYUI_API_URL={} Before", SERVER),
            ("| tiles of {} frames, or next", tiles(0)),
            ("| `e5_overlap.toml` | {} or {} shared", TWO, THREE),
            ("mean difference at {:.0f} %, by", 100 * CONFIDENCE),
            ("at least {} seeds are needed", FEWEST_PAIRS),
            ("(a made song of {:.1f} s, a drawn", length_seconds(BENCH / "song.flac")),
            ("a drawn picture, {} prompts; nobody", word(len(SCHEDULE.strip().split("\n")))),
            ("within {:.0f} %, and names", 100 * TOLERANCE),
        ],
    ),
    *told(
        "docs/troubleshooting.md",
        [
            ("goes with tiles of {} frames: yes", tiles(1)),
            ("| joins are smoother with {} s: yes", THREE),
        ],
    ),
    *told("docs/farm.md", [("`/file`) every {}. The", {1: "second"}[SECONDS_BETWEEN_LOOKS])]),
    *told(
        "docs/guides/profiling.md",
        [
            ("`warmup_iterations` ({}) are let pass", WARM_UP),
            ("`active_iterations` ({}) are recorded", ACTIVE),
            ("at least {} iterations with these", word(WARM_UP + ACTIVE)),
        ],
    ),
    *told(
        "docs/migrations.md",
        [
            ("img_compression of LTXVPreprocess from 0 to {}; with", COMPRESSION),
            ("Texts over {:g} MiB, graphs", MAX_TEXT_BYTES / 2**20),
            ("of more than {} values and", f"{MAX_VALUES:,}".replace(",", " ")),
        ],
    ),
    *told(
        "docs/war_stories.md",
        [
            ("end of the song than {:g} s. A", SHORTEST_AUDIO),
            ("A song below {:g} s is", SHORTEST_AUDIO),
            ("But in the first {:g} s no", Variant.window_seconds),
        ],
    ),
]


@pytest.mark.parametrize("figure", FIGURES, ids=str)
def test_figures_of_the_pages_are_those_of_the_code(figure):
    check(figure)
