"""A drawing that becomes a photograph is told; a photograph that only loses or gains contrast or detail is not."""

import numpy as np
import pytest
from scipy import ndimage

from audio_loop.doctor.detectors.style_drift import look, texture_of
from audio_loop.doctor.succession.blocks import block_share
from audio_loop.watching.watched_video import SamplePicture
from tests.pure.doctor.drift.photographs import FPS, blurred, case_of, contrasted, photograph, tinted, wander

SECONDS = 24


def drawn(name):
    """A photograph in few plain colours with smooth borders, as a poster."""
    smooth = ndimage.median_filter(photograph(name)[::2, ::2], (9, 9, 1)).repeat(2, 0).repeat(2, 1)
    return np.round(smooth / 48) * 48


@pytest.mark.parametrize(("name", "turned"), [("hopper", False), ("hopper", True)])
def test_a_poster_that_becomes_its_photograph_and_the_reverse_are_told(name, turned):
    poster = drawn(name)[: photograph(name).shape[0], : photograph(name).shape[1]]
    both = zip(wander(name, SECONDS), wander(name, SECONDS, source=poster, noise=0), strict=True)
    pictures = (
        photo * share + plain * (1 - share)
        for number, (photo, plain) in enumerate(both)
        for share in [number / (SECONDS * FPS - 1) if not turned else 1 - number / (SECONDS * FPS - 1)]
    )
    (symptom,) = look(case_of(pictures)).symptoms
    assert symptom.kind == "style_drift"
    assert dict(symptom.facts)["towards_photograph"] == (-1 if turned else 1)


@pytest.mark.parametrize("change", [None, contrasted(1 / 1.3), blurred(1.0), tinted(20)])
def test_other_drifts_are_none_of_style(change):
    assert not look(case_of(wander("flower", SECONDS, change))).symptoms


def test_a_picture_of_one_row_is_plain():
    assert texture_of(SamplePicture(0, np.zeros((1, 40, 3), np.uint8))) == (0.0, 1.0)


def test_a_soft_gradient_has_no_edges_to_be_squares_by():
    across = np.tile(np.linspace(40, 100, 160)[None, :, None], (90, 1, 3)).astype(np.uint8)
    assert across.std() > 10
    assert block_share(across) == 0
