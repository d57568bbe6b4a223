"""A window that comes back from the sampler: refused in another shape than it went, faded in at both joins."""

from __future__ import annotations

import pytest
import torch

from audio_loop.latent_ops.kinds import LatentError
from audio_loop.latent_ops.retake_window import put_back
from audio_loop.loop_control.plan import make_plan
from audio_loop.loop_control.retake_span import span_of_seconds

RATE = 44100


@pytest.mark.parametrize("more", [-1, 1])
def test_a_window_of_another_length_is_refused_with_both(more):
    plan = make_plan(audio_samples=60 * RATE, sample_rate=RATE, window_seconds=19.88, overlap_seconds=2, fps=25)
    span = span_of_seconds(plan, 188, 20.0, 30.0)
    length = span.window_stop - span.window_start
    sampled = {"samples": torch.zeros(1, 128, length + more, 1, 1)}
    given = rf"shape \(1, 128, {length + more}, 1, 1\), the retake was given one of \(1, 128, {length}, 1, 1\)"
    with pytest.raises(LatentError, match=given):
        put_back({"samples": torch.zeros(1, 128, 188, 1, 1)}, sampled, span)


@pytest.mark.parametrize("length_seconds", [6.0, 16.5, 17.3])
@pytest.mark.parametrize("begin_seconds", [2.0, 2.6, 21.0, 40.5])
def test_the_new_part_fades_in_over_all_frames_of_its_joins(begin_seconds, length_seconds):
    plan = make_plan(audio_samples=60 * RATE, sample_rate=RATE, window_seconds=19.88, overlap_seconds=2, fps=25)
    span = span_of_seconds(plan, 188, begin_seconds, begin_seconds + length_seconds)
    old = torch.zeros(1, 128, 188, 1, 1)
    sampled = torch.ones(1, 128, span.window_stop - span.window_start, 1, 1)
    weights = put_back({"samples": old}, {"samples": sampled}, span)["samples"][0, 0, :, 0, 0]
    first, stop = span.changed
    assert span.fade_before
    assert span.fade_after
    assert ((weights[first : first + span.fade_before] > 0) & (weights[first : first + span.fade_before] < 1)).all()
    assert (weights[first + span.fade_before : stop - span.fade_after] == 1).all()
    assert ((weights[stop - span.fade_after : stop] > 0) & (weights[stop - span.fade_after : stop] < 1)).all()
    assert weights.count_nonzero() == stop - first
