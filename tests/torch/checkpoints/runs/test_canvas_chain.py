"""Windows of a canvas with anchors first: which are joined, and what a retake leaves as it was."""

from __future__ import annotations

import hashlib

import pytest
import torch

from audio_loop.checkpoints.errors import CheckpointError
from audio_loop.checkpoints.fingerprint.tensor_hash import hash_value
from audio_loop.checkpoints.runs.assemble import assemble
from audio_loop.checkpoints.runs.keep_retake import keep_retake
from audio_loop.checkpoints.runs.store import Store
from audio_loop.checkpoints.segments.latent_file import LatentCodec
from audio_loop.checkpoints.service.windows_beside import Start, starts_meant, takes_beside
from audio_loop.checkpoints.take import Place, Take
from audio_loop.latent_ops.canvas import canvas_latents, window_of_canvas, write_to_canvas
from audio_loop.latent_ops.retake_window import put_back
from audio_loop.loop_control.plan import make_plan
from audio_loop.loop_control.retake_span import span_of_window

PLAN = make_plan(
    audio_samples=8 * 44100,
    sample_rate=44100,
    window_seconds=1.96,
    overlap_seconds=0.6,
    fps=25,
    last_window="full",
    order="anchors first",
)
"""Windows of 7 latents, of which two share 2, so that a gap sees 2 before and 1 after."""
LAST = PLAN.iterations
TOTAL = canvas_latents(PLAN)


def open_store(root):
    return Store(root, "run", LatentCodec(list))


class Rendered:
    """A render as the checkpoints see it: what is on disk is taken, the rest is made."""

    def __init__(self, store, words=None):
        self.canvas = {"samples": torch.zeros(1, 4, TOTAL, 2, 3)}
        self.made, self.given = [], {}
        for window in map(PLAN.nth_window, PLAN.sequence):
            index, start = window.index, window_of_canvas(self.canvas, window, PLAN)
            content, said = hash_value(start), (words or {}).get(index, "")
            meant = starts_meant(store, store.manifest(), PLAN, index, Start(start, content), self.given)
            digests = [self._digest(said, index, each) for each in (content, *meant)]
            found = store.lookup(index, *digests)
            if found is None:
                found = self._make(store, window, digests[0], content)
            self.given[index] = found.take.fingerprint
            self.canvas = write_to_canvas(self.canvas, found.latent, window, PLAN)

    @staticmethod
    def _digest(said, index, start):
        return hashlib.sha256(f"{said} {index} {start.hex()}".encode()).hexdigest()

    def _make(self, store, window, digest, start):
        self.made.append(window.index)
        first, end = window.added_latents
        generator = torch.Generator().manual_seed(int(digest[:8], 16))
        latent = {"samples": torch.randn(1, 4, end - first, 2, 3, generator=generator)}
        place = Place(hash_value(latent).hex(), start.hex(), *takes_beside(PLAN, window.index, self.given))
        store.save(window.index, latent, Take(digest, prompt="words", place=place), plan=PLAN.to_json())
        return store.lookup(window.index, digest)


@pytest.fixture
def store(tmp_path):
    return open_store(tmp_path)


def test_the_joined_windows_are_the_canvas(store, tmp_path):
    assert (LAST, TOTAL) == (4, 27)
    rendered = Rendered(store)
    assert rendered.made == [0, 2, 4, 1, 3]
    found = assemble(open_store(tmp_path))
    assert torch.equal(found.latent["samples"], rendered.canvas["samples"])
    assert found.report == "run run: windows 0 to 4 of 4"
    assert Rendered(open_store(tmp_path)).made == []
    (store.folder / "manifest.json").unlink()
    assert torch.equal(assemble(open_store(tmp_path)).latent["samples"], rendered.canvas["samples"])


def test_a_changed_anchor_is_met_by_the_gaps_that_were_made_for_it(store, tmp_path):
    before = Rendered(store)
    after = Rendered(store, {2: "other"})
    assert after.made == [2, 1, 3]
    assert torch.equal(assemble(open_store(tmp_path)).latent["samples"], after.canvas["samples"])
    # A pick brings the windows that belong to it along, on both sides.
    picked = assemble(open_store(tmp_path), picks={2: 1})
    assert torch.equal(picked.latent["samples"], before.canvas["samples"])
    assert Rendered(store).made == []


def test_what_meets_a_window_that_is_gone_is_said(store, tmp_path):
    Rendered(store)
    Rendered(store, {2: "other", 1: "other"})
    store.choose(1, store.takes(1)[0].fingerprint, lock=False)
    first = store.manifest().window(2).takes[0]
    (store.folder / first.file).write_bytes(b"")
    found = assemble(open_store(tmp_path), 1)
    assert "window 1 was made to meet another window 2, which is not on disk any more" in found.report
    assert "Queue the workflow to make window 1 anew" in found.report


@pytest.mark.parametrize(("window", "touched"), [(0, (0,)), (1, (1,)), (2, (2,)), (3, (3,)), (4, (4,))])
@pytest.mark.parametrize("fade_latents", [0, 1])
def test_after_a_retake_the_rest_is_found_as_before(store, tmp_path, window, touched, fade_latents):
    before = Rendered(store).canvas["samples"]
    span = span_of_window(PLAN, TOTAL, window, fade_latents)
    whole = assemble(store).latent
    sampled = {"samples": torch.full((1, 4, span.window_stop - span.window_start, 2, 3), 9.0)}
    kept = keep_retake(store, PLAN, span, put_back(whole, sampled, span), seed=7, prompt="again", seconds=1.0)
    assert set(touched) <= set(kept)
    again = Rendered(open_store(tmp_path))
    assert again.made == []
    after = again.canvas["samples"]
    first, stop = span.changed
    assert after[:, :, span.start : span.stop].eq(9.0).all()
    assert torch.equal(after[:, :, :first], before[:, :, :first])
    assert torch.equal(after[:, :, stop:], before[:, :, stop:])
    assert torch.equal(assemble(open_store(tmp_path)).latent["samples"], after)


def test_gaps_between_two_retakes_are_found_and_new_words_make_them_anew(store, tmp_path):
    Rendered(store)
    for window in (2, 4):
        span = span_of_window(PLAN, TOTAL, window, 0)
        sampled = {"samples": torch.full((1, 4, span.window_stop - span.window_start, 2, 3), float(window))}
        keep_retake(store, PLAN, span, put_back(assemble(store).latent, sampled, span), seed=7, prompt="", seconds=1.0)
    assert Rendered(open_store(tmp_path)).made == []
    assert Rendered(open_store(tmp_path), {3: "other"}).made == [3]


def test_a_window_behind_a_locked_gap_is_joined_as_chosen_and_that_it_is_another_one_is_said(store, tmp_path):
    Rendered(store)
    store.lock(1)
    whole = "run run: windows 0 to 4 of 4"
    assert assemble(open_store(tmp_path)).report == whole
    Rendered(store, {2: "other"})
    found = assemble(open_store(tmp_path))
    assert found.report.splitlines() == [whole, "window 1 is locked and was made to meet another window 2"]
    anchor = store.load_chosen(2).latent["samples"]
    start = PLAN.nth_window(2).added_latents[0]
    assert torch.equal(found.latent["samples"][:, :, start : start + anchor.shape[2]], anchor)


def test_a_window_behind_a_retake_may_have_been_made_from_what_it_stands_for(store):
    Rendered(store)
    span = span_of_window(PLAN, TOTAL, 2, 0)
    sampled = {"samples": torch.full((1, 4, span.window_stop - span.window_start, 2, 3), 9.0)}
    keep_retake(store, PLAN, span, put_back(assemble(store).latent, sampled, span), seed=7, prompt="", seconds=1.0)
    retake = store.load_chosen(2).take.retake
    start = Start({"samples": torch.zeros(1, 4, 7, 2, 3)}, bytes.fromhex(retake.content))
    assert list(starts_meant(store, store.manifest(), PLAN, 3, start, {})) == [bytes.fromhex(retake.stands_for)]
    other = Start(start.latent, bytes(32))
    assert list(starts_meant(store, store.manifest(), PLAN, 3, other, {})) == []


def test_a_retake_of_a_window_that_is_gone_is_not_kept(store):
    Rendered(store)
    whole = assemble(store).latent
    (store.folder / store.manifest().window(2).takes[0].file).unlink()
    span = span_of_window(PLAN, TOTAL, 2, 0)
    with pytest.raises(CheckpointError, match="window 2 of run run is not on disk any more; the retake is not kept"):
        keep_retake(store, PLAN, span, whole, seed=7, prompt="", seconds=1.0)
    assert store.load_chosen(LAST + 1) is None
    assert len(store.takes(2)) == 1
