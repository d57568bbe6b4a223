"""Only windows that belong together are joined: each continues the one before it, and where the chain breaks is said."""

from __future__ import annotations

import dataclasses
import hashlib

import pytest
import torch

from audio_loop.checkpoints.errors import CheckpointError
from audio_loop.checkpoints.fingerprint.tensor_hash import hash_value
from audio_loop.checkpoints.runs.assemble import assemble
from audio_loop.checkpoints.runs.chain import PREVIOUS
from audio_loop.checkpoints.runs.keep_retake import keep_retake
from audio_loop.checkpoints.runs.store import Store
from audio_loop.checkpoints.segments.latent_file import LatentCodec
from audio_loop.checkpoints.take import Place, Take
from audio_loop.files.hashing import short_hex
from audio_loop.latent_ops.retake_window import put_back
from audio_loop.loop_control.plan import make_plan
from audio_loop.loop_control.retake_span import added_latents, span_of_window

PLAN = make_plan(
    audio_samples=8 * 44100, sample_rate=44100, window_seconds=1.96, overlap_seconds=0.6, fps=25, last_window="full"
)
LAST = PLAN.iterations
START = {"samples": torch.zeros(1, 4, 7, 2, 3)}
FORMS = ["places", "digits"]
"""As windows are written now, and as they were before they knew their place."""


def open_store(root, run="run"):
    return Store(root, run, LatentCodec(list))


def make(store, index, project, previous, *, form="places", words="", plan=PLAN, follows=None, size=3, whole=False):
    """A window as a render makes it: its values and its fingerprint follow from what it continues."""
    continues = hash_value(previous)
    fingerprint = hashlib.sha256(f"{project} {words} {index} {continues.hex()}".encode()).hexdigest()
    start, stop = added_latents(plan, index)
    latents = plan.nth_window(index).window_latents if whole else stop - start
    generator = torch.Generator().manual_seed(int(fingerprint[:8], 16))
    latent = {"samples": torch.randn(1, 4, latents, 2, size, generator=generator)}
    place = Place(hash_value(latent).hex(), continues.hex(), follows) if form == "places" else None
    components = {PREVIOUS: short_hex(continues)}
    store.save(index, latent, Take(fingerprint, components=components, place=place), plan=plan.to_json(), by=project)
    return latent


def render(store, project="first", until=LAST, edited=None, **settings):
    """Renders windows 0 to `until`; from window `edited` on with other words. What is there is found."""
    previous, made, follows = START, [], None
    for index in range(until + 1):
        words = "edited" if edited is not None and index >= edited else ""
        previous = make(store, index, project, previous, words=words, follows=follows, **settings)
        follows = store.manifest().window(index).chosen
        made.append(previous)
    return made


def joined(latents):
    return torch.cat([latent["samples"] for latent in latents], dim=2)


@pytest.mark.parametrize("form", FORMS)
def test_a_whole_run_is_joined_in_one_line(tmp_path, form):
    made = render(open_store(tmp_path), form=form)
    found = assemble(open_store(tmp_path))
    assert torch.equal(found.latent["samples"], joined(made))
    assert found.report == f"run run: windows 0 to {LAST} of {LAST}"
    assert found.frames == PLAN.frames_delivered


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("rebuilt", [False, True])
def test_an_edit_that_was_rendered_in_part_is_not_followed_by_old_windows(tmp_path, form, rebuilt):
    store = open_store(tmp_path)
    before = render(store, form=form)
    after = render(store, until=2, edited=1, form=form)
    if rebuilt:
        (store.folder / "manifest.json").unlink()
    found = assemble(open_store(tmp_path))
    assert torch.equal(found.latent["samples"], joined(after))
    assert found.frames == PLAN.nth_window(2).new_stop_px
    assert found.report == (
        f"run run: windows 0 to 2 of {LAST}; windows 3 to {LAST} are left out: window 3 was made from take 1 of window 2, not "
        f"take 2. Queue the workflow to make them anew; '{LAST}: 1' in 'takes' joins the windows that belong to window {LAST}"
    )
    with pytest.raises(CheckpointError, match=rf"cannot be joined up to window {LAST}: windows 3 to {LAST} are left out"):
        assemble(open_store(tmp_path), 0, LAST)
    assert torch.equal(assemble(open_store(tmp_path), 3, LAST).latent["samples"], joined(before[3:]))
    whole = assemble(open_store(tmp_path), picks={LAST: 1})
    assert torch.equal(whole.latent["samples"], joined(before))
    assert "window 2 is take 1, not the chosen one" in whole.report


@pytest.mark.parametrize("form", FORMS)
def test_two_graphs_under_one_name_are_not_mixed(tmp_path, form):
    store = open_store(tmp_path)
    first = render(store, "first", form=form)
    second = render(store, "second", until=1, form=form)
    assert torch.equal(assemble(open_store(tmp_path)).latent["samples"], joined(second))
    # The first one is queued again and stopped: its windows 0 and 1 come from disk, those behind them are its own.
    for index in (0, 1):
        store.choose(index, store.takes(index)[0].fingerprint, lock=False, by="first")
    assert torch.equal(assemble(open_store(tmp_path)).latent["samples"], joined(first))
    render(store, "second", form=form)
    store.choose(0, store.takes(0)[0].fingerprint, lock=False, by="first")
    found = assemble(open_store(tmp_path))
    assert torch.equal(found.latent["samples"], joined(first))
    assert f"window {LAST} is take 1, not the chosen one" in found.report


@pytest.mark.parametrize("form", FORMS)
def test_another_song_under_one_name_does_not_cut_the_windows_that_are_there(tmp_path, form):
    store = open_store(tmp_path)
    made = render(store, form=form)
    other = make_plan(audio_samples=5 * 48000, sample_rate=48000, window_seconds=1.96, overlap_seconds=0.6, fps=25)
    store.create(other.to_json())
    found = assemble(open_store(tmp_path))
    assert torch.equal(found.latent["samples"], joined(made))
    assert (found.plan, found.frames) == (PLAN, PLAN.frames_delivered)
    assert "the run's latest plan is for another song" in found.report


def test_windows_of_a_graph_that_changes_them_in_between_follow_by_their_takes(tmp_path):
    """A graph that fades or decodes a window before the next one sees it: no content hash fits, the takes do."""
    store = open_store(tmp_path)
    made, follows = [], None
    for index in range(LAST + 1):
        changed = {"samples": made[-1]["samples"] * 2} if made else START
        made.append(make(store, index, "first", changed, follows=follows))
        follows = store.manifest().window(index).chosen
    assert torch.equal(assemble(open_store(tmp_path)).latent["samples"], joined(made))
    assert "\n" not in assemble(open_store(tmp_path)).report
    make(store, 1, "first", {"samples": made[0]["samples"] * 2}, words="edited", follows=store.takes(0)[0].fingerprint)
    assert "window 2 was made from take 1 of window 1, not take 2" in assemble(open_store(tmp_path)).report


def test_windows_that_do_not_know_their_place_are_joined_and_that_is_said(tmp_path):
    store = open_store(tmp_path)
    made = render(store, form="digits")
    for index in (2, 3):
        other = dataclasses.replace(store.takes(index)[0], components={}, fingerprint=f"{index:064x}")
        store.save(index, made[index], other, plan=PLAN.to_json())
    found = assemble(open_store(tmp_path))
    assert torch.equal(found.latent["samples"], joined(made))
    # Takes that do know it are preferred to the chosen ones that do not.
    assert "window 2 is take 1, not the chosen one" in found.report
    unknown = open_store(tmp_path, "unknown")
    for index, latent in enumerate(made):
        unknown.save(index, latent, Take(f"{index:064x}"), plan=PLAN.to_json())
    assert "nothing says whether window 1 belongs to its neighbour" in assemble(unknown).report
    assert torch.equal(assemble(unknown).latent["samples"], joined(made))


def test_a_locked_window_is_joined_because_somebody_wants_it(tmp_path):
    store = open_store(tmp_path)
    before = render(store)
    store.lock(3)
    after = render(store, until=2, edited=0)
    found = assemble(open_store(tmp_path))
    assert torch.equal(found.latent["samples"], joined([*after, *before[3:]]))
    assert "window 3 is locked and continues another window 2" in found.report


@pytest.mark.parametrize("form", FORMS)
def test_a_retake_and_the_windows_behind_it_belong_together(tmp_path, form):
    store = open_store(tmp_path)
    made = render(store, form=form)
    whole = assemble(store).latent
    span = span_of_window(PLAN, whole["samples"].shape[2], 2)
    sampled = {"samples": torch.full((1, 4, span.window_stop - span.window_start, 2, 3), 9.0)}
    changed = put_back(whole, sampled, span)
    windows = keep_retake(store, PLAN, span, changed, seed=1, prompt="again", seconds=1.0)
    found = assemble(open_store(tmp_path))
    assert torch.equal(found.latent["samples"], changed["samples"])
    assert found.report == f"run run: windows 0 to {LAST} of {LAST}"
    # An edit of a window before it leaves both the retake and its original behind.
    render(store, until=windows[0] - 1, edited=0, form=form)
    assert f"windows {windows[0]} to {LAST} are left out" in assemble(open_store(tmp_path)).report
    assert len(made) == LAST + 1


def test_a_window_of_another_size_or_grid_is_named(tmp_path):
    store = open_store(tmp_path)
    render(store, until=3)
    make(store, 3, "other", START, size=4)
    store.lock(3)
    with pytest.raises(CheckpointError, match="window 3 of run run has another size than window 0") as refused:
        assemble(open_store(tmp_path))
    assert "(1, 4, 5, 2, 4) beside (1, 4, 7, 2, 3)" in str(refused.value)
    other = make_plan(audio_samples=8 * 44100, sample_rate=44100, window_seconds=1.96, overlap_seconds=0.3, fps=25)
    store.lock(3, False)
    make(store, 3, "third", START, plan=other)
    store.lock(3)
    store.create(PLAN.to_json())
    with pytest.raises(CheckpointError, match="window 3 of run run has 6 latents; the plan gives it 5 new ones, or 7 with"):
        assemble(open_store(tmp_path))


def test_windows_that_hold_their_overlap_are_faded_not_repeated(tmp_path):
    made = render(open_store(tmp_path), whole=True)
    found = assemble(open_store(tmp_path))
    overlap = PLAN.overlap_latents
    assert found.latent["samples"].shape[2] == added_latents(PLAN, LAST)[1]
    assert torch.equal(found.latent["samples"][:, :, -1], made[-1]["samples"][:, :, -1])
    assert torch.equal(found.latent["samples"][:, :, : 7 - overlap], made[0]["samples"][:, :, : 7 - overlap])
    assert "the windows hold what they share" in found.report


def test_a_window_of_which_the_file_is_gone_is_named(tmp_path):
    store = open_store(tmp_path)
    made = render(store)
    (store.folder / store.manifest().window(2).takes[0].file).unlink()
    found = assemble(open_store(tmp_path))
    assert torch.equal(found.latent["samples"], joined(made[:2]))
    assert "window 2 is not on disk any more" in found.report
    with pytest.raises(CheckpointError, match="take 1 of window 3 continues a window 2 that is not on disk any more"):
        assemble(open_store(tmp_path), picks={3: 1})
    with pytest.raises(CheckpointError, match="take 2 of window 3 is asked for, but there are 1"):
        assemble(open_store(tmp_path), picks={3: 2})


def test_a_locked_window_of_another_time_of_the_song_is_not_joined(tmp_path):
    """Of another window and overlap, each window adds as much as before, and elsewhere."""
    song = {"audio_samples": 8 * 44100, "sample_rate": 44100, "last_window": "full"}
    moved = make_plan(**song, window_seconds=2.28, overlap_seconds=0.92, fps=25)
    assert (moved.stride_px, moved.iterations) == (PLAN.stride_px, LAST)
    store = open_store(tmp_path)
    render(store)
    store.lock(3)
    render(store, project="second", plan=moved)
    with pytest.raises(CheckpointError, match=r"window 3 was made for 0:05.16 to 0:06.76 of the song; .* stands at 0:05.48"):
        assemble(open_store(tmp_path))
    store.lock(3, False)
    store.choose(3, store.takes(3)[1].fingerprint, lock=False)
    assert assemble(open_store(tmp_path)).plan == moved
    with pytest.raises(CheckpointError, match=r"window 3 was made for .* Free window 3 \('locked' or 'takes'"):
        assemble(open_store(tmp_path), 0, LAST, {2: 2, 3: 1})


@pytest.mark.parametrize("locked", [False, True])
def test_without_its_first_window_nothing_is_joined(tmp_path, locked):
    store = open_store(tmp_path)
    render(store, until=2)
    store.lock(1, locked)
    for index in (0, 1):
        (store.folder / store.manifest().window(index).takes[0].file).unlink()
    with pytest.raises(CheckpointError, match=f"cannot be joined up to window {LAST}: window 0 is not on disk any more"):
        assemble(open_store(tmp_path))
    with pytest.raises(CheckpointError, match="window 1 is not on disk any more"):
        assemble(open_store(tmp_path), 1)


@pytest.mark.parametrize(
    ("gone", "said"),
    [
        ((1, 2), "windows 1 to 2 are not made yet, so 3 to 4 cannot be joined to what comes before"),
        ((1,), "window 1 is not made yet, so 2 to 4 cannot be joined to what comes before"),
        ((1, 2, 3, 4), "windows 1 to 4 are not made yet"),
    ],
)
def test_windows_that_are_not_made_yet_are_told_and_those_behind_them_too(tmp_path, gone, said):
    store = open_store(tmp_path)
    made = render(store)
    for index in gone:
        (store.folder / store.manifest().window(index).takes[0].file).unlink()
    (store.folder / "manifest.json").unlink()
    found = assemble(open_store(tmp_path))
    assert torch.equal(found.latent["samples"], made[0]["samples"])
    assert found.report == f"run run: windows 0 to 0 of {LAST}; {said}"


def test_a_run_without_windows_and_windows_that_it_does_not_have_are_refused(tmp_path):
    store = open_store(tmp_path)
    with pytest.raises(CheckpointError, match="the run run has no plan and no window; render it first"):
        assemble(store)
    render(store, until=1)
    for first, last in ((2, 1), (0, LAST + 1), (-1, 1)):
        with pytest.raises(CheckpointError, match=rf"windows {first} to {last} are asked for; run run has 0 to {LAST}"):
            assemble(store, first, last)


def test_a_take_that_is_picked_and_gone_is_named(tmp_path):
    store = open_store(tmp_path)
    render(store)
    (store.folder / store.manifest().window(3).takes[0].file).unlink()
    with pytest.raises(CheckpointError, match="window 3 of run run is not on disk any more; queue its workflow"):
        assemble(open_store(tmp_path), 3, 3, picks={3: 1})
