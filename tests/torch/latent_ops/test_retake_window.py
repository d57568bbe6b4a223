"""A window that comes back from the sampler in another shape than it went is refused, whichever side is longer."""

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
