"""Figures on pages that the code computes, and measured ones that name what measured them."""

from __future__ import annotations

import re

from audio_loop.loop_control.plan import make_plan

from .doc_pages import listed
from .import_graph import REPOSITORY

RATE = 44100
HEADING = re.compile(r"^(##+) (.+)$", re.MULTILINE)
DAY = re.compile(r"\n\n\*\d+(?: and \d+)? [A-Z][a-z]+ 20\d\d\*\n")
BENCHMARK = re.compile(r"benchmarks/\w+\.py")
NOT_MEASURED = {"Not run": "it says what nobody has measured"}


def text_of(name: str) -> str:
    """A page, line breaks as spaces."""
    return re.sub(r"\s+", " ", (REPOSITORY / name).read_text("utf-8"))


def clock(seconds: float) -> str:
    """A time as schedules write it."""
    return f"{int(seconds // 60)}:{seconds % 60:05.2f}"


def plan_of(seconds: float):
    """The plan of a song with the default numbers."""
    return make_plan(audio_samples=round(seconds * RATE), sample_rate=RATE, window_seconds=19.88, overlap_seconds=2, fps=25)


def sections_without_benchmark(text: str) -> list[str]:
    """Headings under which figures stand and no benchmark that is there."""
    parts = HEADING.split(text)
    wrong = []
    for title, body in zip(parts[2::3], parts[3::3], strict=True):
        named = BENCHMARK.findall(body)
        is_missing = [name for name in named if name not in listed()]
        if title not in NOT_MEASURED and body.strip() and (not named or is_missing):
            wrong.append(title)
    return wrong


def sections_without_day(text: str) -> list[str]:
    """Headings under which figures stand and no day on which they were written down."""
    parts = HEADING.split(text)
    bodies = zip(parts[2::3], parts[3::3], strict=True)
    return [title for title, body in bodies if title not in NOT_MEASURED and body.strip() and not DAY.match(body)]


def test_each_measurement_names_the_benchmark_that_made_it():
    text = (REPOSITORY / "docs/benchmarks.md").read_text("utf-8")
    assert len(HEADING.findall(text)) > 20
    assert sections_without_benchmark(text) == []
    assert "The machine: " in text.partition("\n## ")[0]


def test_a_section_without_a_benchmark_is_found():
    text = "# B\n## A\n`python benchmarks/timeline.py`\n## B\n3 s\n### C\n`python benchmarks/none.py`\n## Not run\nall\n"
    text += "## D\n\n### E\n4 s"
    assert sections_without_benchmark(text) == ["B", "C", "E"]


def test_each_measurement_has_its_day():
    assert sections_without_day((REPOSITORY / "docs/benchmarks.md").read_text("utf-8")) == []


def test_a_section_without_a_day_is_found():
    text = "# B\n## A\n\n*27 November 2026*\n\n3 s\n## B\n\n3 s, 27 November 2026\n## C\n\n### D\n\n*2 and 3 May 2027*\n\n4 s\n"
    assert sections_without_day(text) == ["B"]


def test_boundaries_in_a_report_are_those_of_the_plan():
    said = re.search(
        r"Song: 1:30\.00, (\d+) windows\..*?Boundaries of this song: ([\d:., ]+); it ends", text_of("docs/schedules.md")
    )
    plan = plan_of(90)
    assert said
    assert int(said[1]) == plan.iterations + 1
    assert said[2] == ", ".join(clock(float(plan.visible_from(k))) for k in range(plan.iterations + 1))


def test_entries_in_the_example_lie_on_boundaries():
    plan = plan_of(205)
    boundaries = {clock(float(plan.visible_from(k))) for k in range(plan.iterations + 1)}
    example = text_of("docs/schedules.md").partition("Two lines of a song of 3:25")[2].partition("Nine whole ones")[0]
    times = re.findall(r"\b\d:\d\d\.\d\d\b", example)
    assert len(times) == 4
    assert [time for time in times if time not in boundaries] == []


def test_rules_for_schedules_are_all_told():
    rows = [
        int(number)
        for number in re.findall(r"^\| R(\d+) ", (REPOSITORY / "docs/schedules.md").read_text("utf-8"), re.MULTILINE)
    ]
    files = [int(re.findall(r"/r(\d+)_", name)[0]) for name in listed("prompting/checking/rules/r*.py")]
    assert sorted(rows) == sorted(files)


def test_written_schedules_are_as_many_as_told():
    count = len(listed("tests/golden/written_schedules/*.txt"))
    words = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
    assert f"{words[count].capitalize()} whole ones" in text_of("docs/schedules.md")
