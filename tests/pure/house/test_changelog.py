"""The changelog: its form, and that it ends with the version that is shipped."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from audio_loop.loop_control.version import VERSION

from .import_graph import REPOSITORY

HEADING = re.compile(r"^## \[(Unreleased|\d+\.\d+\.\d+)\](?: - \d{4}-\d{2}-\d{2})?$")
KINDS = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"]


def sections(text):
    """(name, body) of every second heading, in order; a heading of another form is named by its line."""
    parts = re.split(r"^(## .*)$", text, flags=re.MULTILINE)[1:]
    found = [(HEADING.match(head), head, body) for head, body in zip(parts[::2], parts[1::2], strict=True)]
    return [(match[1] if match else head, body) for match, head, body in found]


def complaints(text):
    """What is wrong with a changelog."""
    named = sections(text)
    names = [name for name, _ in named]
    wrong = [f"heading {name!r}" for name in names if name.startswith("##")]
    if names[:1] != ["Unreleased"]:
        wrong.append("the first section is not Unreleased")
    versions = [tuple(map(int, name.split("."))) for name in names if name[0].isdigit()]
    wrong += [f"{older} stands above {newer}" for older, newer in pairwise(versions) if older <= newer]
    for name, body in named:
        kinds = re.findall(r"^### (.*)$", body, flags=re.MULTILINE)
        wrong += [f"{name}: {kind!r} is no kind of change" for kind in kinds if kind not in KINDS]
        if name != "Unreleased" and not re.search(r"^- ", body, flags=re.MULTILINE):
            wrong.append(f"{name} says nothing")
    return wrong


TEXT = (REPOSITORY / "CHANGELOG.md").read_text("utf-8")


def test_the_changelog_is_in_form_and_its_newest_version_is_the_packs():
    assert complaints(TEXT) == []
    assert next(name for name, _ in sections(TEXT) if name != "Unreleased") == VERSION


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        ("## [Unreleased]\n", "", "the first section is not Unreleased"),
        ("## [0.1.0]", "## 0.1.0", "heading '## 0.1.0'"),
        ("## [0.1.0]", "## [0.1.0]\n\n- x\n\n## [0.2.0]", "(0, 1, 0) stands above (0, 2, 0)"),
        ("### Added", "### News", "Unreleased: 'News' is no kind of change"),
        ("## [0.1.0]", "## [0.3.0]\n\n## [0.1.0]", "0.3.0 says nothing"),
    ],
)
def test_each_fault_is_named(before, after, complaint):
    assert complaint in complaints(TEXT.replace(before, after, 1))
