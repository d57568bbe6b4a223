"""Descriptions of pictures, taken apart: who is seen, and what else is worth a word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio_loop.prompting.descriptions import form_of, split_description
from audio_loop.prompting.wishes import make_wishes


@pytest.mark.parametrize(
    ("description", "subject", "place"),
    [
        (
            "A woman in a red coat stands on a street, neon signs behind",
            "A woman in a red coat",
            "on a street, neon signs behind",
        ),
        ("Photo of a man and a woman sitting at a table", "A man and a woman", "sitting at a table"),
        ("A close-up portrait of an old sailor with a pipe", "An old sailor with a pipe", ""),
        ("A singer is singing on a stage", "A singer", "on a stage"),
        ("a robot, in a hall", "A robot", "in a hall"),
        ("oil painting of a girl performing in a theatre", "A girl", "in a theatre"),
        ("Two cats on a sofa", "Two cats", "on a sofa"),
        ("on a stage", "", "on a stage"),
        ("in a forest, at night", "", "in a forest, at night"),
        ("with a microphone", "", "with a microphone"),
        ("Mr. Brown in a grey suit. A lamp behind", "Mr. Brown in a grey suit", "A lamp behind"),
    ],
)
def test_the_subject_is_what_a_description_begins_with(description, subject, place):
    assert split_description("", description) == (subject, place)


def test_a_subject_that_is_named_is_not_said_again():
    assert split_description("A cat", "a cat is lying on a sofa") == ("A cat", "lying on a sofa")
    assert split_description("A cat", "A photo of a sofa by a window") == ("A cat", "a sofa by a window")


def test_a_place_reads_on_or_is_a_picture_of_its_own():
    assert [form_of(words) for words in ("on a stage", "leaning on a wall", "a stage with a curtain", "")] == [
        "place",
        "posture",
        "picture",
        "none",
    ]


@given(st.text("abn ,.;:AOsing-()", max_size=60))
def test_whatever_is_said_the_subject_is_never_empty(text):
    wishes = make_wishes(image_description=text)
    assert wishes.subject.strip(" .,;:") == wishes.subject != ""
