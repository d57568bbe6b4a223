"""Two small pictures laid on each other: the same content is compared, even if a part of it moves in another way."""

import numpy as np
import pytest
from scipy import ndimage

from audio_loop.doctor.drift.pairs import _half, shared_content, step_between
from audio_loop.tests.pure.doctor.drift.photographs import case_of

HEIGHT, WIDTH = 44, 80


def _somebody_before(ground, moved):
    """(HEIGHT, WIDTH, 3) in L*a*b*: a background, moved to the left, behind somebody who stays."""
    lab = np.zeros((HEIGHT, WIDTH, 3), np.float32)
    lab[..., 0] = ground[:, moved : moved + WIDTH]
    somebody = ndimage.gaussian_filter(np.random.default_rng(1).normal(0, 60, (HEIGHT, WIDTH)), 1.5) + 50
    lab[8:, 26:54, 0] = somebody[8:, 26:54]
    return lab


def _ground():
    """(HEIGHT, WIDTH + 8): blots that become harder to the right."""
    blots = ndimage.gaussian_filter(np.random.default_rng(0).normal(0, 1, (HEIGHT, WIDTH + 8)), 2.0)
    return (50 + 70 * blots * np.linspace(0.3, 2.5, WIDTH + 8)).astype(np.float32)


@pytest.mark.parametrize("ratio", [1.0, 0.9])
def test_contrast_is_that_of_the_same_content_behind_somebody_who_stays(ratio):
    before, after = _somebody_before(_ground(), 0), _somebody_before(_ground(), 3)
    after[..., 0] = 50 + (after[..., 0] - 50) * ratio
    step = step_between(before, after)
    assert step.luma_gain == pytest.approx(np.log(ratio), abs=0.02)
    # A region through which the edge of somebody goes shows two motions, and may differ.
    alike = np.abs(step.region_gains - np.log(ratio)) < 0.04
    assert step.region_weights[alike].sum() > 0.8 * step.region_weights.sum()


def _all_around(count, darker):
    """Frames of a camera that turns all around and a bit farther, lit from its left; `darker` all in all, of 1, as it turns."""
    around = ndimage.gaussian_filter(np.random.default_rng(0).normal(0, 1, (2 * HEIGHT, 280)), 4.0, mode="wrap")
    light = np.linspace(1.15, 0.85, 2 * WIDTH)
    for number in range(count):
        seen = 120 + 400 * np.roll(around, 10 * number, axis=1)[:, : 2 * WIDTH]
        yield (seen * light * (1 - darker * number / count))[..., None].repeat(3, -1).astype(np.float32)


@pytest.mark.parametrize("darker", [0.0, 0.3])
def test_light_from_one_side_is_no_drift_once_the_same_is_seen_again(darker):
    content = shared_content(case_of(_all_around(30, darker)))
    true = content.shift[-1, 0]
    assert true == pytest.approx(-50 * darker, abs=4)
    along = np.linspace(0, true, len(content.frames))
    assert np.abs(content.shift[:, 0] - along).max() < 4


def test_a_cut_back_to_an_earlier_place_takes_nothing_from_the_way_before_it():
    way = list(_all_around(14, 0.2))
    there = shared_content(case_of(way))
    back = shared_content(case_of([*way, way[0]]))
    assert back.shift[:-1] == pytest.approx(there.shift)
    assert back.shift[-1] == pytest.approx(0, abs=0.5)


def test_a_picture_of_one_row_is_not_made_smaller():
    row = np.ones((1, 8, 3), np.float32)
    assert _half(row) is row
    assert _half(np.ones((5, 8, 3), np.float32)).shape == (2, 4, 3)
