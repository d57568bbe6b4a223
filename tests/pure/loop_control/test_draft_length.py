"""The length of a draft, whichever windows of it are wanted."""

from __future__ import annotations

from audio_loop.loop_control.draft_length import draft_latents
from audio_loop.loop_control.plan import make_plan
from audio_loop.loop_control.units import latents_from_pixels


def draft(**options):
    return make_plan(
        audio_samples=70 * 8000, sample_rate=8000, window_seconds="19.88", overlap_seconds="2.0", fps="25", **options
    )


def test_a_draft_on_a_canvas_is_whole_and_one_in_turn_ends_with_its_last_window():
    whole = draft(order="anchors first")
    part = draft(order="anchors first", only=(1,))
    assert draft_latents(whole) == draft_latents(part) == latents_from_pixels(whole.frames_made)
    assert draft_latents(draft(only=(0, 1))) == draft(only=(0, 1)).nth_window(1).latents[1]
    assert draft_latents(draft(only=(0, 1))) < draft_latents(draft())
