"""A window is searched in its run and in the others: the exact take first, then one of other versions, if it may be used."""

from __future__ import annotations

import hashlib
import logging
from collections import Counter

import pytest

from audio_loop.checkpoints.fingerprint.fingerprint import make_fingerprint
from audio_loop.checkpoints.runs.after_update import AS_THE_RUN_NEEDS, MAKE_AGAIN, USE
from audio_loop.checkpoints.runs.find_window import Wanted, find_window
from audio_loop.checkpoints.runs.keep_retake import keep_retake
from audio_loop.checkpoints.runs.run_folder import RunFolder
from audio_loop.checkpoints.runs.window_counts import WindowCounts
from audio_loop.checkpoints.take import Take
from audio_loop.loop_control.plan import make_plan
from audio_loop.loop_control.retake_span import span_of_window

from .checkpoint_stores import latent, open_store, value_of

LAST = 3
OLD, NEW = {"comfyui": "0.33.0", "audio-loop": "0.1.0"}, {"comfyui": "0.34.1", "audio-loop": "0.1.0"}


def asked(index, versions, words="a"):
    return make_fingerprint({"words": hashlib.sha256(f"{words} {index}".encode()).digest()}, None, versions)


def make(store, index, versions, value=None, words="a", by=""):
    fingerprint = asked(index, versions, words)
    take = Take(fingerprint.digest, components=dict(fingerprint.components), versions=versions)
    store.save(index, latent(index if value is None else value), take, by=by)


def find(store, index, versions, *, choice=AS_THE_RUN_NEEDS, counts=None, words=("a",), by=""):
    fingerprints = tuple(asked(index, versions, each) for each in words)
    wanted = Wanted(index, LAST, fingerprints, by, choice, versions)
    return value_of(find_window(store, store.manifest(), wanted, WindowCounts() if counts is None else counts))


def test_the_exact_take_comes_before_one_of_another_version(tmp_path):
    store = open_store(tmp_path)
    make(store, 0, NEW, 1)
    make(store, 0, OLD, 2)
    assert find(store, 0, NEW) == 1
    assert store.load_chosen(0).take.versions == NEW


def test_whether_the_run_is_finished_is_decided_once_a_prompt(tmp_path):
    store, counts = open_store(tmp_path), WindowCounts()
    for index in range(LAST + 1):
        make(store, index, OLD)
    assert find(store, 0, NEW, counts=counts) is None
    make(store, LAST, NEW)
    assert find(store, 1, NEW, counts=counts) is None
    assert find(store, 1, NEW) == 1
    assert counts.versions_text().startswith("\nthe run was finished with ComfyUI 0.33.0, this is ComfyUI 0.34.1")


@pytest.mark.parametrize(("choice", "found"), [(AS_THE_RUN_NEEDS, 0), (USE, 0), (MAKE_AGAIN, None)])
def test_an_unfinished_run_is_used_unless_the_user_wants_it_made_again(tmp_path, choice, found):
    store, counts = open_store(tmp_path), WindowCounts()
    make(store, 0, OLD)
    assert find(store, 0, NEW, choice=choice, counts=counts) == found
    used = "\nwindow 0 was made with ComfyUI 0.33.0 and is used; this is ComfyUI 0.34.1"
    assert counts.versions_text() == (used if found == 0 else "")


def test_a_window_behind_a_retake_is_found_by_what_the_retake_stands_for(tmp_path):
    store = open_store(tmp_path)
    make(store, 1, OLD, words="behind what was there")
    assert find(store, 1, NEW, words=("behind the retake", "behind what was there")) == 1


@pytest.mark.parametrize("pruned", [False, True])
def test_a_retake_is_found_by_another_version(tmp_path, pruned):
    plan = make_plan(
        audio_samples=3 * 44100, sample_rate=44100, window_seconds=0.36, overlap_seconds=0.04, fps=25, last_window="full"
    )
    store = open_store(tmp_path)
    make(store, 0, OLD, 5)
    span = span_of_window(plan, 2, 0)
    keep_retake(store, plan, span, latent(7), seed=1, prompt="again", seconds=1.0, versions=OLD)
    if pruned:
        assert len(store.prune(keep_takes=1)) == 1
    counts = WindowCounts()
    assert find(store, 0, NEW, counts=counts) == 7
    assert "window 0 was made with ComfyUI 0.33.0" in counts.versions_text()


@pytest.mark.parametrize(
    ("finished", "choice", "found"), [(False, AS_THE_RUN_NEEDS, 0), (True, AS_THE_RUN_NEEDS, None), (True, USE, 0)]
)
def test_another_run_is_asked_by_the_same_rule(tmp_path, finished, choice, found):
    other = open_store(tmp_path, "other")
    for index in range(LAST + finished):
        make(other, index, OLD)
    store = open_store(tmp_path, "mine")
    assert find(store, 0, NEW, choice=choice) == found
    assert len(store.takes(0)) == (found is not None)
    # A window that was taken over is in this run from now on, whatever becomes of the other.
    if found is not None:
        make(other, LAST, OLD)
        assert find(store, 0, NEW) == 0


def test_a_run_is_read_once_a_look_up(tmp_path, monkeypatch):
    store = open_store(tmp_path)
    make(store, 0, OLD, 1, by="me")
    make(store, 0, NEW, 2, by="me")
    reads, read = Counter(), RunFolder.read
    monkeypatch.setattr(RunFolder, "read", lambda self: reads.update([self.path.name]) or read(self))

    def count(action):
        reads.clear()
        action()
        return reads["run"]

    assert count(lambda: find(store, 0, NEW, by="me")) == 1
    # Another take is chosen: the run is read again with its lock held, for another server may have changed it.
    assert count(lambda: find(store, 0, OLD, by="me")) == 2
    assert count(lambda: find(store, 1, NEW, by="me")) == 1
    assert count(lambda: store.lookup(0, asked(0, OLD).digest, by="me")) == 1


def test_the_exact_take_of_another_run_is_taken_over_and_told(tmp_path, caplog):
    make(open_store(tmp_path, "other"), 0, NEW, 7)
    store = open_store(tmp_path, "mine")
    with caplog.at_level(logging.INFO):
        assert find(store, 0, NEW) == 7
        assert find(store, 0, NEW) == 7
    assert [each for each in caplog.messages if "taken over" in each] == ["run mine: window 0 is taken over from run other"]


def test_windows_of_other_versions_are_told_once_in_the_log_and_all_in_the_report(tmp_path, caplog):
    store, counts = open_store(tmp_path), WindowCounts()
    for index in (0, 1):
        make(store, index, OLD)
    with caplog.at_level(logging.INFO):
        assert [find(store, index, NEW, counts=counts) for index in (0, 1)] == [0, 1]
    assert len([each for each in caplog.messages if "windows made with ComfyUI 0.33.0 are used" in each]) == 1
    assert set(counts.of_others) == {0, 1}


def test_a_take_that_other_versions_made_under_the_same_names_is_used_without_a_word(tmp_path):
    store, counts = open_store(tmp_path), WindowCounts()
    fingerprint = asked(0, OLD)
    store.save(0, latent(3), Take(fingerprint.digest, components=dict(fingerprint.components), versions=NEW))
    assert find(store, 0, NEW, counts=counts) == 3
    assert (counts.of_others, counts.versions_text()) == ({}, "")


def test_a_finished_run_whose_original_was_deleted_is_made_again_without_its_versions(tmp_path):
    plan = make_plan(
        audio_samples=3 * 44100, sample_rate=44100, window_seconds=0.36, overlap_seconds=0.04, fps=25, last_window="full"
    )
    store, counts = open_store(tmp_path), WindowCounts()
    make(store, 0, OLD, 5)
    keep_retake(store, plan, span_of_window(plan, 2, 0), latent(7), seed=1, prompt="", seconds=1.0, versions=OLD)
    assert len(store.prune(keep_takes=1)) == 1
    make(store, LAST, OLD)
    assert find(store, 0, NEW, counts=counts) is None
    assert counts.finished_by is None
    assert find(store, LAST, NEW, counts=counts) is None
    assert "finished with ComfyUI 0.33.0" in counts.versions_text()
