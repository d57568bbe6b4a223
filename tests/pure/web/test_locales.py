"""The words of nodes in each language: the same keys, all filled in, and nothing that the frontend would read as a formula."""

from __future__ import annotations

import json
import re

import pytest

from audio_loop.comfy_host.environment import REPOSITORY
from audio_loop.comfy_host.node_words import node_words

LOCALES = REPOSITORY / "locales"
LANGUAGES = ("en", "zh")
FILES = ("nodeDefs.json", "main.json")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
AS_IN_ENGLISH = {"VAE", "CLIP", "NAG alpha", "NAG tau"}
FORMULA = re.compile(r"[{}@|]")
"""vue-i18n reads these as values, links and plurals."""


def texts(language, file):
    """Path -> text of everything in a locale file."""

    def walk(value, path):
        if isinstance(value, str):
            yield path, value
        else:
            for key, inner in value.items():
                yield from walk(inner, (*path, key))

    found = json.loads((LOCALES / language / file).read_text("utf-8"))
    # What the pack itself shows is found by the English text and read by the pack: `test_shown_words.py`.
    found.pop("audio_loop", None)
    return dict(walk(found, ()))


def test_there_are_these_languages_and_files():
    found = {str(path.relative_to(LOCALES).as_posix()) for path in LOCALES.rglob("*.json")}
    assert found == {f"{language}/{file}" for language in LANGUAGES for file in FILES}


@pytest.mark.parametrize("file", FILES)
def test_every_language_says_the_same_things(file):
    english, chinese = (texts(language, file) for language in LANGUAGES)
    assert english
    assert english.keys() == chinese.keys()


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty_or_a_formula(language, file):
    found = texts(language, file)
    assert [path for path, text in found.items() if not text.strip() or FORMULA.search(text)] == []


@pytest.mark.parametrize("file", FILES)
def test_chinese_is_chinese(file):
    assert [p for p, text in texts("zh", file).items() if not CHINESE.search(text) and text not in AS_IN_ENGLISH] == []


def test_a_tooltip_tells_the_name_that_help_pages_and_notes_use():
    english, chinese = (texts(language, "nodeDefs.json") for language in LANGUAGES)
    names = {path: text for path, text in english.items() if path[-1] == "name"}
    hidden = [
        path
        for path, name in names.items()
        if chinese[path].lower() != name.lower() and name not in chinese[(*path[:-1], "tooltip")]
    ]
    assert hidden == []


def test_chinese_names_are_those_of_the_help_pages():
    for (node, *path), name in texts("zh", "nodeDefs.json").items():
        if path == ["display_name"]:
            page = (REPOSITORY / "web" / "docs" / node / "zh.md").read_text("utf-8")
            assert page.splitlines()[0] == f"# {name} {node}"


def test_words_are_those_of_public_nodes_and_dots_are_underscores():
    nested = {"key": "b", "inputs": {"required": {"n": ["INT", {"tooltip": "Frames."}]}}}
    info = {
        "display_name": "A",
        "description": "Does a.",
        "python_module": "pack",
        "input": {"required": {"mode": ["COMFY_DYNAMICCOMBO_V3", {"tooltip": "Which.", "options": [nested]}]}},
        "output_name": ["x", "y"],
        "output_tooltips": ["An x.", None],
    }
    others = {"Engine": {**info, "dev_only": True}, "Other": {**info, "python_module": "other"}}
    assert node_words({"a.b": info, **others}, "pack") == {
        "a_b": {
            "display_name": "A",
            "description": "Does a.",
            "inputs": {
                "mode": {"name": "mode", "tooltip": "Which."},
                "mode_n": {"name": "n", "tooltip": "Frames."},
            },
            "outputs": {"0": {"name": "x", "tooltip": "An x."}, "1": {"name": "y", "tooltip": ""}},
        }
    }
