"""What arrives at the node of the check."""

from __future__ import annotations

from dataclasses import replace

import pytest

from audio_loop.preflight.check import preflight
from audio_loop.preflight.values import GivenValues

from .conftest import FOUR_MINUTES, SOUND_MACHINE

FIT = GivenValues(832, 448, 497, "0:00+: a singer is singing", (1, 128, 63, 14, 26), 128)


def messages(default_workflow, given):
    found = preflight(default_workflow, FOUR_MINUTES, SOUND_MACHINE, given=given)
    assert {each.rule.code for each in found.audit.reported} <= {"given_values"}
    return [each.finding.message for each in found.audit.reported]


def test_values_that_fit(default_workflow):
    assert messages(default_workflow, FIT) == []
    assert messages(default_workflow, GivenValues(832, 448, 0, "", None, None)) == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"width_px": 830, "latent_shape": None}, "width 830 is not a multiple of 32; use 800 or 832"),
        ({"length_px": 500, "latent_shape": None}, "length is 500, not 8k + 1; the nearest are 497 and 505"),
        ({"length_px": 249, "latent_shape": None}, "length is 249 frames, the first window of the plan has 497"),
        ({"schedule": "0:00-1:75: a singer"}, "schedule line 1"),
        ({"model_channels": 16}, "the model has latents of 16 channels, those of LTX 2.3 have 128"),
        ({"latent_shape": (1, 16, 64, 64)}, "the latent has the shape (1, 16, 64, 64); a video latent is"),
        ({"latent_shape": (1, 16, 63, 14, 26)}, "the latent has 16 channels"),
        ({"latent_shape": (1, 128, 63, 16, 26)}, "the latent is one of 832 x 512 pixels, width and height are 832 x 448"),
        ({"latent_shape": (1, 128, 62, 14, 26)}, "the latent has 62 time steps, a length of 497 frames has 63"),
    ],
)
def test_values_that_do_not(default_workflow, change, says):
    (message,) = messages(default_workflow, replace(FIT, **change))
    assert says in message
