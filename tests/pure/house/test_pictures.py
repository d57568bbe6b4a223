"""The pictures of the documentation: each is made by the test of a user's way, shown on a page with words, and small."""

from __future__ import annotations

import re

from PIL import Image

from .import_graph import REPOSITORY

FOLDER = REPOSITORY / "docs" / "img"
PICTURES = sorted(FOLDER.iterdir())
PAGES = (REPOSITORY / "README.md", *REPOSITORY.glob("docs/*.md"))
MADE_WITHOUT_A_BROWSER = {
    "prepared.png": "tests/pure/audio/preparing/test_command.py",
    "report.png": "tests/pure/doctor/report/test_page.py",
}
MADE_BY_A_BENCHMARK = {"doctor_confusion.png": "benchmarks/doctor_corpus.py"}
LARGEST_BYTES, ALL_BYTES = 250_000, 1_500_000


def test_they_are_those_that_the_test_makes():
    browser = [REPOSITORY / "tests" / "browser" / f"test_{name}.py" for name in ("journey", "timeline")]
    made = [name for path in browser for name in re.findall(r'pictures\.of_\w+\("(\w+)"', path.read_text("utf-8"))]
    assert [path.name for path in PICTURES] == sorted(
        [*(f"{name}.png" for name in made), *MADE_WITHOUT_A_BROWSER, *MADE_BY_A_BENCHMARK]
    )
    for name, test in MADE_WITHOUT_A_BROWSER.items():
        assert f'Path(PICTURES) / "{name}"' in (REPOSITORY / test).read_text("utf-8")
    for name, benchmark in MADE_BY_A_BENCHMARK.items():
        assert f"--picture docs/img/{name}" in (REPOSITORY / benchmark).read_text("utf-8")


def test_each_is_shown_with_words_for_those_who_do_not_see_it():
    shown = {}
    for page in PAGES:
        for words, target in re.findall(r"!\[([^]]*)\]\(([^)]+)\)", page.read_text("utf-8")):
            if FOLDER in (path := (page.parent / target).resolve()).parents:
                shown[path] = words
    assert sorted(shown) == [path.resolve() for path in PICTURES]
    assert all(len(words.split()) >= 8 for words in shown.values()), shown


def test_they_are_small_and_whole():
    sizes = [path.stat().st_size for path in PICTURES]
    assert max(sizes) < LARGEST_BYTES
    assert sum(sizes) < ALL_BYTES
    for path in PICTURES:
        with Image.open(path) as image:
            image.load()
            assert image.width >= 700, path
