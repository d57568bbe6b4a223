"""A portrait that becomes another is told; one that moves, talks or changes with the whole picture is not."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from audio_loop.doctor.detectors.identity_drift import change_of, look
from audio_loop.doctor.drift.parts import DriftPiece
from tests.pure.doctor.drift.photographs import FPS, HEIGHT, WIDTH, case_of, contrasted, tinted, wander

SECONDS = 24


def portrait(whole=None, other=0.0):
    """A portrait before a temple: it sways, the camera wanders behind it; `other` of it is a flower's colours at the end."""
    behind = wander("china", SECONDS, reach=12)
    face = next(iter(wander("hopper", 1, height=HEIGHT, width=140, reach=0)))
    replaced = next(iter(wander("flower", 1, height=HEIGHT, width=140, reach=0)))
    for number, background in enumerate(behind):
        t = number / (SECONDS * FPS - 1)
        picture = background.copy()
        left = round((WIDTH - 140) / 2 + 6 * np.sin(number * 1.3))
        picture[:, left : left + 140] = face * (1 - other * t) + replaced * other * t
        yield picture if whole is None else whole(picture, t)


def test_a_portrait_that_becomes_another_is_told():
    seen = look(case_of(portrait(other=0.7)))
    (symptom,) = seen.symptoms
    assert symptom.kind == "identity_drift"
    assert "no model of faces" in symptom.words
    assert symptom.stretches[0].end_seconds == pytest.approx(SECONDS)


@pytest.mark.parametrize("whole", [None, tinted(20), contrasted(1.2)])
def test_one_who_sways_is_the_same_whatever_the_whole_picture_does(whole):
    assert not look(case_of(portrait(whole=whole))).symptoms


def test_black_frames_at_the_start_are_no_other_subject():
    pictures = [picture * (number >= 12) for number, picture in enumerate(portrait())]
    seen = look(case_of(pictures))
    assert not seen.symptoms
    assert seen.figures[0].value is not None


def test_a_landscape_under_a_wandering_camera_has_no_other_subject():
    assert not look(case_of(wander("china", SECONDS, reach=80))).symptoms


def larger(picture, t):
    """A picture whose middle has grown by a half at the end."""
    keep = 1.5**-t
    box = [WIDTH * (1 - keep) / 2, HEIGHT * (1 - keep) / 2, WIDTH * (1 + keep) / 2, HEIGHT * (1 + keep) / 2]
    image = Image.fromarray(np.rint(np.clip(picture, 0, 255)).astype(np.uint8))
    return np.asarray(image.resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR, box), np.float32)


@pytest.mark.parametrize("measured", [1.0, 0.5])
def test_one_who_grows_as_the_camera_zooms_is_the_same(measured):
    case = case_of(portrait(whole=larger))
    growing = np.full(SECONDS * FPS, measured * np.log(1.5) / SECONDS, np.float32)
    video = replace(case.video, frames=replace(case.video.frames, zoom_per_second=growing))
    assert look(replace(case, video=video)).figures[0].value < look(case).figures[0].value / 2


def test_without_any_cell_that_is_known_nothing_changes():
    parts = [DriftPiece(0, 4, None, 0), DriftPiece(4, 8, None, 0)]
    found = change_of(np.arange(8), np.full((8, 5, 3), np.nan), parts, 2.0)
    assert (found.pieces, found.size, found.chance) == (0, 0.0, 1.0)
    assert np.isnan(found.sizes).all()
    assert len(found.sizes) == 2
