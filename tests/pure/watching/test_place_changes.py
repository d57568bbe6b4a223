"""Another place is one; a step of light, a jump, black and a thing that moves are none."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from audio_loop.tests.pure.doctor.cases_with_sound import still_frames
from audio_loop.tests.pure.watching.films import texture
from audio_loop.watching.place_changes import place_changes
from audio_loop.watching.watched_video import CELL_COLUMNS, CELL_ROWS, WatchedVideo

VIDEO = WatchedVideo(Path("video.mp4"), 832, 448, Fraction(25), "h264", still_frames(1), (), False)


def place(seed: int) -> np.ndarray:
    return 255 * texture(seed, CELL_ROWS, CELL_COLUMNS, blur=1.5)


def video_of(*parts: tuple[np.ndarray, int]) -> WatchedVideo:
    light = np.concatenate([np.repeat(picture[None], count, 0) for picture, count in parts]).clip(0, 255)
    return replace(VIDEO, frames=still_frames(len(light), cell_luma=light.astype(np.uint8)))


def test_a_change_of_place_is_found_to_the_frame():
    changes = place_changes(video_of((place(1), 60), (place(2), 33), (place(3), 40)))
    assert [each.seconds for each in changes] == pytest.approx([60 / 25, 93 / 25])
    assert all(each.alike < 0.7 for each in changes)


def test_steps_jumps_and_black_are_no_other_place():
    here = place(1)
    jump = np.roll(here, 1, axis=1) * 0.5 + here * 0.5
    black = np.zeros_like(here)
    assert place_changes(video_of((here, 40), (0.7 * here + 40, 40), (jump, 40), (black, 40), (here, 40))) == ()
    assert place_changes(video_of((here, 5))) == ()


def test_in_a_video_just_long_enough_for_one_change_that_one_is_found():
    changes = place_changes(video_of((place(1), 12), (place(2), 12)))
    assert [each.seconds for each in changes] == pytest.approx([12 / 25])
