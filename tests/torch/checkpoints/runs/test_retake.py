"""A retake on latents and in the store: the rest keeps every bit, and later windows are found as before."""

from __future__ import annotations

import pytest
import torch

from audio_loop.checkpoints.errors import CheckpointError
from audio_loop.checkpoints.fingerprint.tensor_hash import hash_value
from audio_loop.checkpoints.runs.assemble import assemble
from audio_loop.checkpoints.runs.keep_retake import check_chosen, check_whole, keep_retake, prompt_of, touched_windows
from audio_loop.checkpoints.runs.selection import stand_ins
from audio_loop.checkpoints.runs.store import Store
from audio_loop.checkpoints.segments.latent_file import LatentCodec
from audio_loop.checkpoints.take import Take
from audio_loop.latent_ops.kinds import LatentError
from audio_loop.latent_ops.retake_window import put_back, retake_window
from audio_loop.loop_control.plan import make_plan
from audio_loop.loop_control.retake_span import added_latents, span_of_seconds, span_of_window

PLAN = make_plan(
    audio_samples=8 * 44100, sample_rate=44100, window_seconds=1.96, overlap_seconds=0.6, fps=25, last_window="full"
)
"""Windows of 7 latents, of which 2 are overlap: 7, then 5 more each."""
TOTAL = 7 + 5 * PLAN.iterations


def whole_latent():
    generator = torch.Generator().manual_seed(3)
    return {"samples": torch.randn(1, 4, TOTAL, 2, 3, generator=generator)}


def song():
    return {"samples": torch.ones(1, 8, PLAN.windows[-1].audio_latents[1], 16), "type": "audio"}


def test_the_window_shows_what_was_there_and_masks_what_is_new():
    span = span_of_seconds(PLAN, TOTAL, 4.1, 4.2)
    whole = whole_latent()
    video, audio = retake_window(whole, song(), span)
    assert torch.equal(video["samples"], whole["samples"][:, :, span.window_start : span.window_stop])
    mask = video["noise_mask"].flatten().tolist()
    first, stop = span.changed
    assert mask == [float(first <= span.window_start + i < stop) for i in range(len(mask))]
    assert audio["samples"].shape[2] == span.audio_latents[1] - span.audio_latents[0]
    assert not audio["noise_mask"].any()


@pytest.mark.parametrize("fade_latents", [0, 1, 5])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_only_the_span_changes(fade_latents, dtype):
    span = span_of_seconds(PLAN, TOTAL, 3.6, 3.9, fade_latents)
    whole = {"samples": whole_latent()["samples"].to(dtype)}
    before = whole["samples"].clone()
    sampled = {"samples": torch.full((1, 4, span.window_stop - span.window_start, 2, 3), 9.0)}
    result = put_back(whole, sampled, span)["samples"]
    assert torch.equal(whole["samples"], before)
    first, stop = span.changed
    assert torch.equal(result[:, :, :first], before[:, :, :first])
    assert torch.equal(result[:, :, stop:], before[:, :, stop:])
    assert torch.equal(result[:, :, span.start : span.stop], torch.full_like(result[:, :, span.start : span.stop], 9.0))
    for faded in [*range(first, span.start), *range(span.stop, stop)]:
        low, high = sorted([before[0, 0, faded, 0, 0].item(), 9.0])
        assert low < result[0, 0, faded, 0, 0].item() < high


def test_a_window_of_another_shape_is_refused():
    span = span_of_seconds(PLAN, TOTAL, 3.6, 3.9)
    with pytest.raises(LatentError, match="LTXVCropGuides"):
        put_back(whole_latent(), {"samples": torch.zeros(1, 4, 99, 2, 3)}, span)
    with pytest.raises(LatentError, match="the whole run"):
        retake_window({"samples": torch.zeros(1, 4, 5, 2, 3)}, song(), span)


def fingerprint(number):
    return f"{number:064x}"


@pytest.fixture
def store(tmp_path):
    made = Store(tmp_path, "run", LatentCodec(list))
    samples = whole_latent()["samples"]
    for index in range(PLAN.iterations + 1):
        start, stop = added_latents(PLAN, index)
        latent = {"samples": samples[:, :, start:stop].contiguous()}
        take = Take(fingerprint(index), prompt=f"prompt {index}", seed=index)
        made.save(index, latent, take, plan=PLAN.to_json())
    return made


def retaken(store, span, value):
    whole = assemble(store).latent
    sampled = {"samples": torch.full((1, 4, span.window_stop - span.window_start, 2, 3), value)}
    return keep_retake(store, PLAN, span, put_back(whole, sampled, span), seed=7, prompt="again", seconds=1.0)


def test_only_this_one_and_the_rest_is_found_as_before(store, tmp_path):
    span = span_of_window(PLAN, TOTAL, 2)
    before = assemble(store).latent["samples"]
    original = store.lookup(2, fingerprint(2)).latent
    assert retaken(store, span, 9.0) == (2,)
    again = Store(tmp_path, "run", LatentCodec(list))
    found = again.lookup(2, fingerprint(2))
    assert found.take.prompt == "again"
    assert found.take.seed == 7
    assert found.latent["samples"].eq(9.0).all()
    assert stand_ins(again.manifest().window(2)) == {hash_value(found.latent).hex(): hash_value(original).hex()}
    after = assemble(again).latent["samples"]
    first, stop = span.changed
    assert torch.equal(after[:, :, :first], before[:, :, :first])
    assert torch.equal(after[:, :, stop:], before[:, :, stop:])
    assert [len(again.takes(index)) for index in range(6)][:5] == [1, 1, 2, 1, 1]


def test_a_part_across_two_windows_is_a_new_take_of_both(store):
    seam = PLAN.windows[3].new_start_px / PLAN.fps
    span = span_of_seconds(PLAN, TOTAL, seam - 0.2, seam + 0.2, 1)
    assert span.fade_before == span.fade_after == 1
    assert retaken(store, span, 9.0) == (2, 3)
    for index in (2, 3):
        found = store.lookup(index, fingerprint(index))
        assert found.take.prompt == "again"
        assert list(stand_ins(store.manifest().window(index))) == [hash_value(found.latent).hex()]


def test_a_retake_of_a_retake_still_stands_for_the_first(store):
    span = span_of_window(PLAN, TOTAL, 2, 0)
    original = hash_value(store.lookup(2, fingerprint(2)).latent).hex()
    assert retaken(store, span, 9.0) == retaken(store, span, 5.0) == (2,)
    found = store.lookup(2, fingerprint(2))
    assert found.latent["samples"].eq(5.0).all()
    assert set(stand_ins(store.manifest().window(2)).values()) == {original}
    assert len(stand_ins(store.manifest().window(2))) == 2


def test_the_earlier_take_can_be_chosen_again_and_a_changed_window_is_not_the_retake(store):
    retaken(store, span_of_window(PLAN, TOTAL, 2, 0), 9.0)
    assert store.lookup(2, fingerprint(99)) is None
    store.choose(2, fingerprint(2), lock=False)
    assert store.lookup(2, fingerprint(2)).take.prompt == "prompt 2"


def test_a_lost_manifest_is_rebuilt_with_the_retake_chosen(store, tmp_path):
    retaken(store, span_of_window(PLAN, TOTAL, 2, 0), 9.0)
    (store.folder / "manifest.json").unlink()
    again = Store(tmp_path, "run", LatentCodec(list))
    assert again.lookup(2, fingerprint(2)).take.prompt == "again"


def test_a_locked_window_stays_locked_to_its_retake(store):
    store.lock(2)
    retaken(store, span_of_window(PLAN, TOTAL, 2, 0), 9.0)
    found = store.lookup(2, fingerprint(99))
    assert found.locked
    assert found.take.prompt == "again"


def test_the_prompt_is_that_of_the_first_new_window(store):
    assert prompt_of(store, PLAN, span_of_window(PLAN, TOTAL, 2)) == "prompt 2"
    store.save(2, {"samples": torch.zeros(1, 4, 5, 2, 3)}, Take(fingerprint(77)))
    with pytest.raises(CheckpointError, match="write one into 'prompt'"):
        prompt_of(store, PLAN, span_of_window(PLAN, TOTAL, 2))


def test_a_part_of_a_run_is_no_base(store):
    check_whole(store, PLAN, whole_latent())
    with pytest.raises(CheckpointError, match="first 0, last -1"):
        check_whole(store, PLAN, {"samples": torch.zeros(1, 4, 9, 2, 3)})
    assert touched_windows(PLAN, span_of_seconds(PLAN, TOTAL, 0.1, 0.2, 0)) == (0,)


def test_only_the_chosen_take_is_replaced(store):
    span = span_of_window(PLAN, TOTAL, 2)
    check_chosen(store, PLAN, span, assemble(store).latent)
    store.save(2, {"samples": torch.zeros(1, 4, 5, 2, 3)}, Take(fingerprint(77)), plan=PLAN.to_json())
    check_chosen(store, PLAN, span, assemble(store).latent)
    with pytest.raises(CheckpointError, match="window 2 of the latent is not the chosen take"):
        check_chosen(store, PLAN, span, assemble(store, picks={2: 1}).latent)
    whole = {"samples": torch.zeros(1, 4, 7, 2, 3)}
    store.save(2, whole, Take(fingerprint(78)), plan=PLAN.to_json())
    with pytest.raises(CheckpointError, match="crossfaded"):
        check_chosen(store, PLAN, span, whole_latent())
