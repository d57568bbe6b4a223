"""The pages of people: the index names every page, ids are those of the graphs, facts of LTX those of the code."""

from __future__ import annotations

import json
import re

from audio_loop.loop_control import units
from audio_loop.loop_control.geometry import ROPE_SECONDS
from audio_loop.loop_control.noise_levels import REFINING, TRAINED
from audio_loop.loop_control.plan import make_plan

from .import_graph import REPOSITORY

DOCS = REPOSITORY / "docs"
TODAY = "audio-loop-music-video_latent"
OLDER = "classic/audio-loop-music-video_latent_classic"


def page(name):
    return (DOCS / name).read_text("utf-8")


def links(text):
    return [target.partition("#")[0] for target in re.findall(r"\]\(([^)]+)\)", text) if "://" not in target]


def test_the_index_names_every_page_and_only_what_is_there():
    named = {(DOCS / target).resolve() for target in links(page("index.md"))}
    pages = {path.resolve() for path in DOCS.rglob("*.md")} - {(DOCS / "index.md").resolve()}
    assert len(pages) >= 35
    assert sorted(path.name for path in pages - named) == []
    assert [path.name for path in named if not path.is_file()] == []
    assert "(docs/index.md)" in (REPOSITORY / "README.md").read_text("utf-8")


def types_of(name):
    """Type of each node by its number; a subgraph is its name."""
    document = json.loads((REPOSITORY / "example_workflows" / f"{name}.json").read_text("utf-8"))
    inner = document.get("definitions", {}).get("subgraphs", [])
    names = {each["id"]: "subgraph" for each in inner}
    found = {}
    for graph in (*inner, document):
        found.update({node["id"]: names.get(node["type"], node["type"]) for node in graph["nodes"]})
    return found


def test_node_ids_are_those_of_the_graphs():
    rows = re.findall(r"^\| (\d+) \| [^|]+ \| ([^|]+) \| ([^|]+) \|$", page("reference/node_ids_of_the_guide.md"), re.MULTILINE)
    assert len(rows) >= 20
    today, older = types_of(TODAY), types_of(OLDER)
    for number, now, before in rows:
        assert now.strip("`") == today.get(int(number), "-"), number
        assert before.strip("`") == older.get(int(number), "-"), number


def test_facts_of_ltx_are_those_of_the_code():
    text = page("reference/ltx.md")
    plan = make_plan(audio_samples=180 * 44100, sample_rate=44100, window_seconds=19.88, overlap_seconds=2, fps=25)
    area = (832 // units.SPATIAL_STEP_PX) * (448 // units.SPATIAL_STEP_PX)
    told = (
        f"| frames of a clip | {units.PIXELS_PER_LATENT}k + 1 |",
        f"each way | {units.SPATIAL_STEP_PX} |",
        f"video latent | {units.VIDEO_LATENT_CHANNELS} |",
        f"audio latents a second | {units.AUDIO_LATENTS_PER_SECOND} |",
        f"{units.AUDIO_VAE_HZ} Hz, hop {units.AUDIO_VAE_HOP}, {units.AUDIO_VAE_DOWNSAMPLE}",
        f"| {units.AUDIO_LATENT_CHANNELS} and {units.AUDIO_LATENT_BINS} |",
        f"| {ROPE_SECONDS} s | {ROPE_SECONDS} s |",
        f"{plan.window_px} frames is {plan.window_latents * area}",
        f"with the guide {(plan.window_latents + 1) * area}",
    )
    flat = " ".join(text.split())
    assert [each for each in told if each not in flat] == []
    for levels in (TRAINED, REFINING):
        assert ", ".join(str(level) for level in levels) in flat
