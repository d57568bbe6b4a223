"""R5: nobody sings without a voice."""

from __future__ import annotations

from ..conftest import voice

PARTS = "0:00-0:19.88: @ is singing\n0:19.88-0:55.72: @ is singing\n0:55.72+: @ is telling a story"


def test_the_stretch_that_is_seen_decides(found):
    assert [(line, severity) for line, severity, *_ in found("R5", PARTS)] == [(1, "error"), (3, "error")]
    assert found("R5", PARTS)[0][2] == "'singing', but no voice is heard in the 19.9 s in which it is seen"
    moved = "0:00-0:22: @ is singing\n0:22+: @ is dancing"  # seen up to 0:19.88
    assert [line for line, *_ in found("R5", moved)] == [1]


def test_speech_is_no_singing_and_a_crowd_is_no_voice(found):
    assert [(line, severity) for line, severity, *_ in found("R5", PARTS, voice=voice("speech"))][1] == (2, "warning")
    assert [line for line, *_ in found("R5", PARTS, voice=voice("crowd"))] == [1, 2, 3]


def test_closed_lips_under_a_voice_are_told(found):
    text = "0:00-0:19.88: @ is looking\n0:19.88-0:55.72: @ is looking, lips closed\n0:55.72+: @ is looking"
    ((line, severity, message, _),) = found("R5", text)
    assert (line, severity) == (2, "warning")
    assert message.startswith("'lips closed', but a voice is heard for 35.0 of the 35.8 s")


def test_without_listening_nothing_is_said(found):
    assert found("R5", PARTS, voice=None) == []
