"""R9: the boundaries of this song."""

from __future__ import annotations

from itertools import pairwise

import pytest

from audio_loop.loop_control.rates import clock_text

from ..conftest import plan


def test_the_nearest_is_named(found):
    text = "0:00-0:45: @ is singing\n0:45-1:30: @ is dancing"
    assert found("R9", text) == [
        (1, "error", "ends at 0:45.00, and the picture cannot change then", "0:37.80 is the nearest boundary"),
        (2, "error", "begins at 0:45.00, and the picture cannot change then", "0:37.80 is the nearest boundary"),
    ]


@pytest.mark.parametrize("written", ["0:19.88", "19.88", "0:19.880", "0:00:19.88"])
def test_a_boundary_passes_however_it_is_written(found, written):
    assert found("R9", f"0:00-{written}: @ is singing\n{written}-1:30: @ is dancing") == []


def test_whole_seconds_are_a_warning(found):
    assert {severity for _, severity, *_ in found("R9", "0:00-0:20: @ is singing\n0:20+: @ is dancing")} == {"warning"}


@pytest.mark.parametrize("fps", ["24000/1001", 30, "23.976", 50])
def test_boundaries_that_are_no_hundredths_pass_as_they_are_shown(found, fps):
    song = plan(fps=fps)
    times = [clock_text(song.visible_from(window)) for window in range(song.iterations + 1)] + ["1:30.00"]
    text = "\n".join(f"{start}-{end}: @ is dancing" for start, end in pairwise(times))
    assert found("R9", text, plan=song) == []
    assert found("R10", text, plan=song) == []
