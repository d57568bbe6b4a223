"""The README's links, models and figures are those of the pack."""

from __future__ import annotations

import json
import re

from audio_loop.loop_control.plan import make_plan
from audio_loop.loop_control.units import latents_from_pixels
from audio_loop.workflow_graph.shipped.models import FILES

from .import_graph import REPOSITORY

TEXT = (REPOSITORY / "README.md").read_text("utf-8")
LATENT_BYTES = 128 * 4
SECONDS = 180


def anchor(heading):
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def test_links_and_pictures_are_there():
    targets = [target for target in re.findall(r"\]\(([^)]+)\)", TEXT) if not target.startswith("https://")]
    assert len(targets) >= 8
    for target in targets:
        path, _, place = target.partition("#")
        page = REPOSITORY / path
        assert page.exists(), target
        headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE) if place else []
        assert not place or place in map(anchor, headings), target


def test_commands_and_workflows_are_there():
    for script in re.findall(r"python (scripts/\w+\.py)", TEXT):
        assert (REPOSITORY / script).exists(), script
    named = re.findall(r"\*(audio-loop[-\w]+)\*", TEXT)
    assert named
    assert [name for name in named if not (REPOSITORY / "example_workflows" / f"{name}.json").exists()] == []


def test_models_are_those_of_the_workflows():
    rows = re.findall(r"^\| \[([^]]+)\]\(([^)]+)\) \| ([\d.]+) GB \| `models/(\w+)/` \|$", TEXT, re.MULTILINE)
    assert rows == [(name, file["url"], str(file["size_gb"]), file["directory"]) for name, file in FILES.items()]
    assert f"{sum(file['size_gb'] for file in FILES.values()):.0f} GB of disk" in TEXT


def test_nodes_are_called_as_they_are_shown():
    shown = json.loads((REPOSITORY / "workflow_graph" / "schemas" / "audio-loop.json").read_text("utf-8"))["nodes"].values()
    table = TEXT.partition("## If something goes wrong")[2].partition("\n## ")[0]
    called = [name for row in re.findall(r"help of (\*.+)", table) for name in re.findall(r"\*([^*]+)\*", row)]
    assert len(called) >= 8
    assert set(called) <= {schema["display_name"] for schema in shown}


def test_figures_follow_from_the_plan_and_from_each_other():
    plan = make_plan(audio_samples=SECONDS * 44100, sample_rate=44100, window_seconds=19.88, overlap_seconds=2, fps=25)
    assert plan.iterations == 9
    assert "nine iterations" in TEXT
    cuts = ", ".join(f"{float(plan.visible_from(k)):.2f}" for k in (1, 2, 3))
    assert f"cuts at {cuts} s" in TEXT
    latents = latents_from_pixels(plan.frames_made)
    for width, height in re.findall(r"(\d+) x (\d+)(?:, and| \(computed from)", TEXT.partition("Finished windows")[2]):
        size_mb = latents * LATENT_BYTES * (int(width) // 32) * (int(height) // 32) / 1e6
        assert re.search(rf"{size_mb:.0f} MB (?:of disk for 3:00 )?at {width} x {height}", TEXT), size_mb
    rows = re.findall(r"\| ([\d.]+) s \| (\d+) min \|", TEXT)
    assert len(rows) == 5
    assert [f"{float(each) * SECONDS / 60:.0f}" for each, _ in rows] == [minutes for _, minutes in rows]


def test_the_owner_fills_the_clone_address_in_one_place():
    others = [*REPOSITORY.glob("docs/*.md"), *REPOSITORY.glob("web/docs/**/*.md"), REPOSITORY / "CONTRIBUTING.md"]
    assert TEXT.count("git clone ") == 1
    assert not any("git clone " in path.read_text("utf-8") for path in others)
