"""Two small pictures laid on each other: the same content is compared, even if a part of it moves in another way."""

import numpy as np
import pytest
from scipy import ndimage

from audio_loop.doctor.drift.pairs import step_between

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
