"""R4: verbs that can be seen."""

from __future__ import annotations

import pytest

from ..conftest import voice


@pytest.mark.parametrize(
    "words", ["is performing", "is speaking", "vocalizes", "is truly feeling the beat", "emotes", "is there"]
)
def test_vague_verbs_are_found(found, words):
    assert [line for line, *_ in found("R4", f"0:00+: @ {words}, close-up")] == [1]


@pytest.mark.parametrize(
    "words",
    [
        "is singing", "is slowly dancing", "are singing together", "spins through the frame", "is playing the guitar", "is "
        "still sitting",
        "is pausing for the laugh", "walks slowly", "is both singing and dancing", "is pressing the point", "is softening",
    ],
)  # fmt: skip
def test_others_are_left_alone(found, words):
    assert found("R4", f"0:00+: @ {words}, close-up") == []


def test_the_nearest_fits_what_is_heard(found):
    text = "0:00-0:19.88: @ is performing\n0:19.88-0:55.72: @ is performing\n0:55.72+: @ is performing"
    assert [nearest.split(",")[0] for *_, nearest in found("R4", text)] == [
        "such as: is dancing", "such as: is singing", "such as: is dancing"
    ]  # fmt: skip
    assert "is telling a joke" in found("R4", text, voice=voice("speech"))[1][3]
