"""What the browser side shows goes through the language of the page, and has a Chinese text with the same values in it."""

from __future__ import annotations

import json
import re

import pytest

from audio_loop.comfy_host.environment import REPOSITORY

from .javascript_texts import texts_of

WEB = REPOSITORY / "web"
MODULES = sorted([*WEB.rglob("*.js"), *WEB.rglob("*.mjs")])
TAGS = {"t", "english"}
VALUE = re.compile(r"\{\d+\}")
SENTENCE = re.compile(r"[A-Za-z]{2,} [A-Za-z({]|[A-Za-z}] [a-z]{2,}|^[A-Z][a-z]+$")
"""Words with a space between them, or one that begins in a large letter."""
NOT_FOR_PEOPLE = {
    "Audio Loop",  # the pack's name, the same in every language
    "Audio Loop's progress",  # a symbol
    "12px Inter, system-ui, sans-serif",
    *("Escape", "Enter"),  # keys
    *("Primitive", "Constant", "Note"),  # class names and parts of them
}
SCHEDULE = re.compile(r"^0:00\+: ")
"""Prompts stay English: text encoders know it best."""
STYLE_SHEET = re.compile(r"^\s*\.[\w{}-]+ \{ ")


def all_texts():
    return [(path.name, each) for path in MODULES for each in texts_of(path.read_text("utf-8"))]


def chinese():
    return json.loads((REPOSITORY / "locales" / "zh" / "main.json").read_text("utf-8"))["audio_loop"]["shown"]


def is_said_past_the_language(each):
    if each.tag in TAGS or each.call == "console.warn" or SCHEDULE.match(each.text) or STYLE_SHEET.match(each.text):
        return False
    return SENTENCE.search(each.text) is not None and each.text not in NOT_FOR_PEOPLE


def test_every_text_that_is_shown_goes_through_the_language():
    assert [(name, each.line, each.text) for name, each in all_texts() if is_said_past_the_language(each)] == []


def test_every_text_that_is_shown_has_a_chinese_one_and_none_is_left_over():
    shown = {each.text for _, each in all_texts() if each.tag in TAGS}
    assert len(shown) > 100
    assert sorted(shown - set(chinese())) == [], "these lack a text in locales/zh/main.json"
    assert sorted(set(chinese()) - shown) == [], "these are shown no more"


def test_both_languages_have_the_same_values_in_them():
    assert [text for text, said in chinese().items() if sorted(VALUE.findall(text)) != sorted(VALUE.findall(said))] == []
    assert [text for text, said in chinese().items() if not re.search(r"[\u4e00-\u9fff]", said)] == []


def test_a_text_that_is_marked_for_later_has_no_values():
    assert [each.text for _, each in all_texts() if each.tag == "english" and VALUE.search(each.text)] == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("say(`step ${n} of ${of}`);", True),
        ("say(t`step ${n} of ${of}`);", False),
        ('button("Close");', True),
        ("button(english`Close`);", False),
        ("t`at ${n ? `more words` : 1}`;", True),
        ("// say 'more words' here", False),
        ("const A = /[`'] no words/; x = 'ok';", False),
        ('console.warn("some words");', False),
    ],
)
def test_the_search_finds_a_text_that_was_forgotten(source, found):
    assert any(is_said_past_the_language(each) for each in texts_of(source)) is found


def test_a_text_is_read_with_its_values_and_escapes():
    (inner, outer) = sorted(texts_of("x = t`a ${f({ y: 'b' })} \\u00b7 ${z}`"), key=lambda each: each.tag)
    assert (inner.text, outer.text, outer.tag) == ("b", "a {0} \u00b7 {1}", "t")
