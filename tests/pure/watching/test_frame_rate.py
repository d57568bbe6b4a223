"""The rate of a video is told from its times, whatever their clock and their holes."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from audio_loop.watching.frame_rate import rate_of_times

RATES = [Fraction(24000, 1001), Fraction(24), Fraction(25), Fraction(30000, 1001), Fraction(30), Fraction(50)]


@settings(max_examples=30)
@given(
    rate=st.sampled_from(RATES), count=st.integers(90, 400), holes=st.sets(st.integers(5, 80), max_size=6), said=st.booleans()
)
def test_the_rate_is_told_through_rounded_times_and_holes(rate, count, holes, said):
    seconds = np.array([round(1000 * number / float(rate)) / 1000 for number in range(count) if number not in holes])
    assert rate_of_times(seconds, [Fraction(1000), rate] if said else []) == rate


def test_a_rate_that_the_header_says_and_the_frames_do_not_keep_is_not_taken():
    assert rate_of_times(np.arange(100) / 24, [Fraction(30)]) == 24
    assert rate_of_times(np.arange(100) / 17, [Fraction(30)]) == 17


def test_one_frame_has_the_rate_that_the_header_says_or_25():
    assert rate_of_times(np.zeros(1), [Fraction(30)]) == 30
    assert rate_of_times(np.zeros(2), []) == 25
