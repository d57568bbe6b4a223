"""Disk needed, from the plan, against disk free."""

from __future__ import annotations

import pytest

from audio_loop.checkpoints.errors import DiskFullError
from audio_loop.checkpoints.runs.held_windows import free_bytes, is_writable
from audio_loop.checkpoints.service.disk_room import OVERHEAD_BYTES, bytes_to_keep, require_room, window_bytes
from audio_loop.loop_control.plan import make_plan

FRAME_BYTES = 128 * 14 * 26 * 4


def plan(**changes):
    values = {"audio_samples": 180 * 44100, "sample_rate": 44100, "window_seconds": 19.88, "overlap_seconds": 2, "fps": 25}
    values["last_window"] = "full"
    return make_plan(**(values | changes))


def test_a_song_of_three_minutes_at_832_by_448():
    whole = plan()
    assert whole.iterations == 9
    assert window_bytes(whole, 0, FRAME_BYTES) == 63 * FRAME_BYTES + OVERHEAD_BYTES
    assert bytes_to_keep(whole, 0, FRAME_BYTES) == 10 * (63 * FRAME_BYTES + OVERHEAD_BYTES)
    assert bytes_to_keep(whole, 9, FRAME_BYTES) == window_bytes(whole, 9, FRAME_BYTES)
    assert bytes_to_keep(whole, 10, FRAME_BYTES) == 0


def test_a_last_window_that_is_fitted_needs_less():
    fitted = plan(last_window="fit")
    assert bytes_to_keep(fitted, 0, FRAME_BYTES) < bytes_to_keep(plan(), 0, FRAME_BYTES)


@pytest.mark.parametrize(("free", "fits"), [(100, True), (101, True), (None, True), (99, False), (0, False)])
def test_it_is_refused_with_both_numbers_and_what_would_help(free, fits):
    if fits:
        require_room(100, free, "window 3", "folder", "")
        return
    with pytest.raises(DiskFullError, match=r"window 3 need about 0\.0 MB in folder"):
        require_room(100, free, "window 3", "folder", "")


def test_the_words():
    with pytest.raises(DiskFullError) as refused:
        require_room(3_500_000_000, 2_000_000, "windows 3 to 9", "output", "or switch it off")
    assert str(refused.value) == (
        "windows 3 to 9 need about 3.50 GB in output, where 2.0 MB are free. Nothing was sampled: free 3.50 GB, or switch it "
        "off, and queue again"
    )


def test_what_is_free_is_asked_where_the_folder_is_going_to_be(tmp_path):
    there = tmp_path / "not" / "yet"
    assert free_bytes(there) == pytest.approx(free_bytes(tmp_path), abs=1 << 30)
    assert is_writable(there)
    assert not there.exists()
