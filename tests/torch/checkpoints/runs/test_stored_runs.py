"""Runs that an earlier version stored are read whole, joined, and written as that version wrote them."""

from __future__ import annotations

import json
import shutil
import struct
from pathlib import Path

import pytest

from audio_loop.checkpoints.fingerprint.tensor_hash import hash_value
from audio_loop.checkpoints.runs.assemble import assemble
from audio_loop.checkpoints.runs.manifest import dump_manifest, parse_manifest
from audio_loop.checkpoints.runs.run_name import find_run
from audio_loop.checkpoints.segments.header import CHECKSUM_KEY
from audio_loop.files.hashing import short_hex
from audio_loop.loop_control.plan import make_plan
from audio_loop.loop_control.stored_plan import plan_from_json

from .checkpoint_stores import CODEC, open_store

STORED = Path(__file__).resolve().parents[3] / "golden" / "stored_runs"
FINISHED, UNFINISHED = "stored_song_2026-11-27_5c5b1245", "unfinished"
IDENTITY = "5c5b1245e5a661d99c4d819e60ed80f29c7071be876866787eb2de1d32e30b7f"
TAKES = {FINISHED: {0: 2, 1: 1, 2: 1, 3: 2, 4: 2}, UNFINISHED: {0: 1, 1: 1, 2: 1}}
PROMPTS = {
    FINISHED: ["a face is whispering", "a face is singing", "a face is singing", "a face is singing", "a face is weeping"],
    UNFINISHED: ["a face is singing", "a face is singing", "a face is laughing"],
}
"""Of the chosen takes: a retake, none, a locked one, a picked one, the second of two."""
JOINED = {
    FINISHED: "9be72348d109",
    UNFINISHED: "016b6a60121f",
}
"""Content hash of the joined latents, its first digits."""


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "audio_loop"
    shutil.copytree(STORED / "audio_loop", folder)
    yield folder
    for path in (STORED / "audio_loop").rglob("*.*"):
        assert (folder / path.relative_to(STORED / "audio_loop")).read_bytes() == path.read_bytes(), path.name


def parts(data):
    """Header and tensors of a segment file. safetensors writes the keys in any order, so the checksum is left out."""
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    del header["__metadata__"][CHECKSUM_KEY]
    return header, data[8 + length :]


@pytest.mark.parametrize("run", TAKES)
def test_every_take_is_read_and_written_as_it_was(root, run):
    store = open_store(root, run)
    manifest = store.manifest()
    data = (root / run / "manifest.json").read_bytes()
    assert parse_manifest(data) == manifest
    assert dump_manifest(manifest) == data
    assert {window.index: len(window.takes) for window in manifest.windows} == TAKES[run]
    for window in manifest.windows:
        for stored in window.takes:
            found = store.load(window.index, stored)
            assert found.take == stored.take
            assert hash_value(found.latent).hex() == stored.take.place.content
            path = root / run / stored.file
            latent, info = CODEC.decode(path, window.index, stored.take.fingerprint)
            assert parts(CODEC.encode(latent, info)) == parts(path.read_bytes())


@pytest.mark.parametrize("run", TAKES)
def test_choices_locks_plan_and_project_are_there(root, run):
    store = open_store(root, run)
    manifest = store.manifest()
    assert [store.load_chosen(window.index).take.prompt for window in manifest.windows] == PROMPTS[run]
    assert [window.index for window in manifest.windows if window.locked] == ([2, 3] if run == FINISHED else [])
    plan = make_plan(
        audio_samples=24000, sample_rate=8000, window_seconds=1.0, overlap_seconds=0.36, fps=25, last_window="full"
    )
    assert plan_from_json(manifest.plan) == plan
    for window in manifest.windows:
        assert window.chosen_by == {IDENTITY: window.chosen}
    assert find_run(root, IDENTITY) == FINISHED


@pytest.mark.parametrize("run", TAKES)
def test_the_run_is_joined(root, run):
    joined = assemble(open_store(root, run))
    last = max(TAKES[run])
    assert joined.report.splitlines()[0].startswith(f"run {run}: windows 0 to {last} of 4")
    assert joined.is_incomplete == (run == UNFINISHED)
    assert short_hex(hash_value(joined.latent)) == JOINED[run]
