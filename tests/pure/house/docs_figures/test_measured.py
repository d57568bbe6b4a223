"""Measured figures that pages repeat are those of the tables of docs/benchmarks.md."""

from __future__ import annotations

import math
import re
from statistics import NormalDist

import pytest

from ..import_graph import REPOSITORY
from .phrases import check, text_of, told

BENCHMARKS = (REPOSITORY / "docs/benchmarks.md").read_text("utf-8")


def cells(heading: str, *begin: str) -> list[str]:
    """What stands behind the first cells of the only row, under a heading, that begins so."""
    (body,) = re.findall(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#|\Z)", BENCHMARKS, re.MULTILINE | re.DOTALL)
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in body.split("\n") if line.startswith("|")]
    (found,) = [row for row in rows if row[: len(begin)] == list(begin)]
    return found[len(begin) :]


def share_and_interval(noticed: int, tried: int) -> tuple[float, float, float]:
    """A share and Wilson's interval of it at 95 %, in percent."""
    share, square = noticed / tried, NormalDist().inv_cdf(0.975) ** 2
    middle, whole = share + square / (2 * tried), 1 + square / tried
    half = math.sqrt(square * share * (1 - share) / tried + square**2 / (4 * tried**2))
    return 100 * share, 100 * (middle - half) / whole, 100 * (middle + half) / whole


def percent_that_hold(method: int, most_pairs: int = 8) -> list[float]:
    """How often an interval holds the true difference, with 4 to 8 pairs."""
    rows = re.findall(r"^\| (\d+) \| [^|]+ \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \|$", BENCHMARKS, re.MULTILINE)
    return [float(row[method]) for row in rows if int(row[0]) <= most_pairs]


FRAMES = "4961"
STREAMED, COMFYUI = (float(cells("Streamed video", FRAMES, way)[1]) / 1024 for way in ("streamed", "ComfyUI"))
(DISTANCE, _, WITHIN, *_), (FINE, *_) = (
    cells("Written schedules", "true", windows) for windows in ("19.88 s, overlap 2 s", "5 s, overlap 1 s")
)
SONG_OF_60 = re.search(r"(\d+) boundaries between sections", BENCHMARKS)[1]
ENLARGED = [
    int(cells("Streamed video of LTX 2.5", "993", way)[1]) - int(cells("Streamed video of LTX 2.5", "249", way)[1])
    for way in ("in tiles", "in pieces")
]
CLOCK = [float(cells("Analysing a song", "4 min", file)[0]) for file in ("flac, 27 MiB", "mp3, 4 MiB")]
_, CPU, _, _, MORE = cells("Analysing a song", "4 min", "flac, 27 MiB")
MERGED = cells("A guide, masked and merged", "merged, `torch_flash`")
MASKED = cells("A guide, masked and merged", "masked, torch (SDPA)")

FIGURES = [
    *told(
        "README.md",
        [
            (
                "saving {} frames at 416 x 224 took {:.1f} GiB of memory at the peak, ComfyUI's own way {:.1f} GiB",
                *(FRAMES, STREAMED, COMFYUI),
            )
        ],
    ),
    *told(
        "docs/schedules.md",
        [
            ("those are {} of {}, and the picture changes {} from a boundary", WITHIN, SONG_OF_60, DISTANCE),
            ("is half of them and {} ([all", FINE),
        ],
    ),
    *told("docs/ltx25.md", [("took {} MiB more in tiles and {} MiB more in pieces", *ENLARGED)]),
    *told(
        "docs/analysis.md",
        [("MP3 or FLAC file: {} s of processor time and {} MiB", CPU, MORE), ("two cores; {:.0f} to {:.0f} s by", *CLOCK)],
    ),
    *told("docs/attention.md", [("bfloat16: {} against {} of", MERGED[3], MASKED[3]), ("in float32 itself {}, [", MERGED[1])]),
]


@pytest.mark.parametrize("figure", FIGURES, ids=str)
def test_figures_that_were_measured_are_those_of_the_benchmarks(figure):
    check(figure)


def test_shares_of_mutants_follow_from_their_counts():
    rows = re.findall(r"\| (\w+) \| \d+ \| (\d+) \| (\d+) \| ([\d.]+)% \| ([\d.]+)% to ([\d.]+)% \|", text_of("docs/tests.md"))
    assert rows
    for room, tried, noticed, *shown in rows:
        assert shown == [f"{each:.1f}" for each in share_and_interval(int(noticed), int(tried))], room


def test_what_is_said_of_intervals_holds():
    page = text_of("docs/experiments.md")
    found = re.search(r"in every fifth experiment of 4 to 8 seeds that has none; these in one of (\d+) or fewer", page)
    assert 1 - min(percent_that_hold(1)) <= 1 / int(found[1])
    assert 0.15 < 1 - sum(percent_that_hold(2)) / len(percent_that_hold(2)) < 0.25
