"""Placeholders in a file's name against what ComfyUI's frontend makes of them."""

from __future__ import annotations

from datetime import datetime

import pytest

from audio_loop.video.name_text import filled_in

NOW = datetime(2026, 3, 7, 9, 5, 4)
PROMPT = {
    "1": {"class_type": "LoadAudio", "inputs": {"audio": "songs/my:song.mp3"}},
    "2": {"class_type": "PrimitiveFloat", "inputs": {"value": 25.0, "on": True}, "_meta": {"title": "frames per second"}},
    "3": {"class_type": "AudioLoopPlanner", "inputs": {"fps": ["2", 0], "last_window": "fit", "none": None}},
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("%date:yyyy-MM-dd%/clip", "2026-03-07/clip"),
        ("%date:d.M.yy%", "%date:d.M.yy%"),  # the frontend takes a full stop for the one before a widget
        ("%date:d_M_yy h m s%", "7_3_26 9 5 4"),
        ("%date:hhmmss%", "090504"),
        ("%date:yyy%", "yyy"),
        ("%date:%", ""),
        ("%LoadAudio.audio%", "songs_my_song.mp3"),
        ("%frames per second.value% fps", "25 fps"),
        ("%PrimitiveFloat.on%", "true"),
        ("%AudioLoopPlanner.last_window%", "fit"),
        ("%AudioLoopPlanner.none%x", "x"),
        ("%AudioLoopPlanner.fps%", "%AudioLoopPlanner.fps%"),
        ("%Nobody.fps% %LoadAudio.nothing%", "%Nobody.fps% %LoadAudio.nothing%"),
        ("%width%x%height%_%year%", "%width%x%height%_%year%"),
        ("100% sure", "100% sure"),
        ("plain", "plain"),
    ],
)
def test_placeholders_become_what_the_frontend_makes_of_them(text, expected):
    assert filled_in(text, PROMPT, NOW) == expected


def test_a_prompt_of_odd_nodes_is_no_harm():
    assert filled_in("%a.b%", {"1": "x", "2": {"_meta": None}, "3": {}}, NOW) == "%a.b%"
