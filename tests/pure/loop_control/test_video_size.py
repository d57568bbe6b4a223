from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio_loop.loop_control.errors import PlanError
from audio_loop.loop_control.video_size import check_video_size, half_size


@given(st.integers(1, 200), st.integers(1, 200), st.sampled_from([32, 64]))
def test_sizes_on_the_grid_come_back_as_they_are(columns, rows, multiple):
    assert check_video_size(columns * multiple, rows * multiple, multiple) == (columns * multiple, rows * multiple)


@given(st.integers(0, 5000), st.sampled_from([32, 64]))
def test_any_other_side_is_refused_with_sizes_that_work(side, multiple):
    if side and side % multiple == 0:
        side += 1
    with pytest.raises(PlanError) as caught:
        check_video_size(side, multiple, multiple)
    message = str(caught.value)
    assert f"width {side}" in message
    offered = [int(word) for word in message.split("use ")[1].replace("or", " ").split()]
    assert offered
    for size in offered:
        assert check_video_size(size, multiple, multiple) == (size, multiple)
        assert abs(size - side) <= multiple or side < multiple


@pytest.mark.parametrize(
    ("size", "multiple", "message"),
    [
        ((100, 448), 32, "width 100 is not a multiple of 32; use 96 or 128"),
        ((832, 450), 32, "height 450 is not a multiple of 32; use 448 or 480"),
        ((832, 448), 64, None),
        ((832, 480), 64, "height 480 is not a multiple of 64; use 448 or 512"),
        ((16, 64), 32, "width 16 is not a multiple of 32; use 32"),
        ((0, 64), 32, "width 0 is not a multiple of 32; use 32"),
    ],
)
def test_messages(size, multiple, message):
    if message is None:
        assert check_video_size(*size, multiple) == size
        return
    with pytest.raises(PlanError) as caught:
        check_video_size(*size, multiple)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("size", "half"),
    [
        ((1280, 704), (640, 352)),
        ((832, 448), (416, 224)),
        ((1920, 1088), (960, 544)),
        ((704, 1280), (352, 640)),
        ((448, 832), (224, 416)),
        ((1088, 1920), (544, 960)),
    ],
)
def test_the_sizes_of_two_stages_have_halves_on_the_grid(size, half):
    assert half_size(*size) == half == check_video_size(*half)


def test_a_size_without_a_half_on_the_grid_is_refused():
    with pytest.raises(PlanError, match=r"^height 720 is not a multiple of 64; use 704 or 768$"):
        half_size(1280, 720)
