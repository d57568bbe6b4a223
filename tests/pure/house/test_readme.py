"""The README's models and figures are those of the pack; its links, names and commands are held with those of every page."""

from __future__ import annotations

import re

from audio_loop.loop_control.plan import make_plan
from audio_loop.loop_control.units import latents_from_pixels
from audio_loop.workflow_graph.shipped.models import FILES

from .import_graph import REPOSITORY

TEXT = (REPOSITORY / "README.md").read_text("utf-8")
LATENT_BYTES = 128 * 4
SECONDS = 180


def test_models_are_those_of_the_workflows():
    rows = re.findall(r"^\| \[([^]]+)\]\(([^)]+)\) \| ([\d.]+) GB \| `models/(\w+)/` \|$", TEXT, re.MULTILINE)
    assert rows == [(name, file["url"], str(file["size_gb"]), file["directory"]) for name, file in FILES.items()]
    assert f"{sum(file['size_gb'] for file in FILES.values()):.0f} GB of disk" in TEXT


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
