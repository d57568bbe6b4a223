"""The picture and the page of the architecture name rooms that exist, and the picture is shown."""

from __future__ import annotations

import re

from .import_graph import REPOSITORY

PAGE = (REPOSITORY / "docs" / "architecture.md").read_text("utf-8")
PICTURE = (REPOSITORY / "docs" / "architecture.svg").read_text("utf-8")


def rooms(text):
    return set(re.findall(r"\b([a-z_]+)/(?=[`,<)\s])", text))


def test_the_rooms_of_page_and_picture_exist():
    told, drawn = rooms(PAGE), rooms(PICTURE)
    assert len(told) >= 12
    assert len(drawn) >= 8
    assert [room for room in told | drawn if not (REPOSITORY / room / "__init__.py").is_file() and room != "scripts"] == []


def test_the_page_shows_the_picture_and_names_its_rooms():
    (words,) = re.findall(r"!\[([^]]+)\]\(architecture\.svg\)", PAGE)
    assert len(words.split()) >= 20
    assert rooms(PICTURE) - rooms(PAGE) == set()
