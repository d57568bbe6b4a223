"""Wishes: what is accepted, and what a refusal says."""

from __future__ import annotations

import pytest

from audio_loop.prompting.vocabulary.people import be, instrument_of
from audio_loop.prompting.wishes import DIVERSITIES, NAMELESS, WishError, make_wishes


def test_a_subject_is_one_line_and_never_empty():
    assert make_wishes(subject=" A woman\n in  red. ").subject == "A woman in red"
    assert make_wishes().subject == NAMELESS
    assert make_wishes(subject=" . ").subject == NAMELESS


def test_without_a_subject_the_description_names_it():
    wishes = make_wishes(image_description="A young woman in yellow, at a table, by a window.")
    assert (wishes.subject, wishes.place) == ("A young woman in yellow", "at a table, by a window")
    wishes = make_wishes(subject="A cat", image_description="A cat on a sofa.")
    assert (wishes.subject, wishes.place, wishes.has_named_subject) == ("A cat", "on a sofa", True)


def test_tiers_and_letters():
    assert len(DIVERSITIES) == 12
    assert [(make_wishes(diversity=each).tier, make_wishes(diversity=each).repeats_material) for each in ("1a", "6B ")] == [
        (1, True),
        (6, False),
    ]


@pytest.mark.parametrize(
    ("wishes", "message"),
    [
        ({"style": "ilustrated"}, "style is 'ilustrated'; it is one of .*, such as illustrated"),
        ({"diversity": "7a"}, "scene diversity is '7a'; it is one of 1a, .*6b, such as"),
        ({"kind": "stand-up"}, "kind is 'stand-up'; .* such as standup"),
        ({"subject": "word " * 31}, "the subject has 31 words, .* at most 30"),
        ({"image_description": "word " * 41}, "the image description has 41 words"),
        ({"subject": "0:30: a cat"}, "the subject begins like a time"),
        ({"variation": -1}, "variation is -1"),
    ],
)
def test_others_are_refused(wishes, message):
    with pytest.raises(WishError, match=message):
        make_wishes(**wishes)


@pytest.mark.parametrize(
    ("subject", "verb"),
    [
        ("A woman in a red and gold coat", "is"), ("Two sisters in white dresses", "are"), ("A man and a woman", "are"),
        ("The actress", "is"), ("Dancers in white", "are"), ("Three masked men with drums", "are"), ("A band", "is"),
        ("A pair of twins", "are"), ("Hans", "is"), ("The singers", "are"), ("A singer with dark hair and a hat", "is"),
        ("Old men on a bench", "are"), (NAMELESS, "is"), ("A few children", "are"), ("5 robots", "are"),
        ("The twins", "are"), ("girls in white", "are"), ("The cats", "are"), ("They", "are"), ("Anna & Bob", "are"),
        ("25 year old woman", "is"), ("19-year-old girl in red", "is"), ("2.5 m tall robot", "is"), ("20 women", "are"),
        ("Two-headed dragon", "is"), ("The chorus", "is"), ("The boss", "is"), ("A dozen dancers", "are"),
    ],
)  # fmt: skip
def test_is_or_are(subject, verb):
    assert be(subject) == verb


def test_the_instrument_that_is_named():
    assert instrument_of("A man with an acoustic guitar") == "acoustic guitar"
    assert instrument_of("An old cellist", "in a hall") == "cello"
    assert instrument_of("A woman in a drummer boy's coat", "beside a grand piano") == "grand piano"
    assert instrument_of("A woman on a harbour wall") is None
