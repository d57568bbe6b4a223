"""Values that are no numbers in a run's files, found without torch."""

from __future__ import annotations

import json

import numpy as np
import pytest

from audio_loop.checkpoints.runs.run_folder import read_manifest_file
from audio_loop.comfy_host.environment import REPOSITORY
from audio_loop.doctor.run_facts import is_finite_file, not_finite_windows

RUN = REPOSITORY / "tests" / "golden" / "stored_runs" / "audio_loop" / "stored_song_2026-11-27_5c5b1245"
KINDS = {"F16": np.float16, "F32": np.float32}


def write(path, kind, data):
    header = json.dumps({"__metadata__": {}, "samples": {"dtype": kind, "shape": [len(data)], "data_offsets": [0, len(data)]}})
    path.write_bytes(len(header).to_bytes(8, "little") + header.encode() + data)
    return path


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_one_bad_value_is_found(tmp_path, kind, value):
    values = np.linspace(-60_000, 60_000, 1000).astype(KINDS[kind])
    assert is_finite_file(write(tmp_path / "good", kind, values.tobytes()))
    values[777] = value
    assert not is_finite_file(write(tmp_path / "bad", kind, values.tobytes()))


def test_of_bfloat16_too(tmp_path):
    largest, infinity = (np.full(9, bits, np.uint16).tobytes() for bits in (0x7F7F, 0xFF80))
    assert is_finite_file(write(tmp_path / "good", "BF16", largest))
    assert not is_finite_file(write(tmp_path / "bad", "BF16", largest + infinity))


@pytest.mark.parametrize(
    "data", [b"", b"12", b"\xff" * 9, (4).to_bytes(8, "little") + b"null", (2).to_bytes(8, "little") + b"[]"]
)
def test_of_a_file_that_is_none_nothing_is_said(tmp_path, data):
    (tmp_path / "x").write_bytes(data)
    assert is_finite_file(tmp_path / "x")
    assert is_finite_file(tmp_path / "gone")


def test_the_windows_of_a_run(tmp_path):
    manifest = read_manifest_file(RUN / "manifest.json")
    assert not_finite_windows(RUN, manifest) == ()
    chosen = manifest.windows[3].find(manifest.windows[3].chosen)
    write(tmp_path / chosen.file, "F32", np.array([1.0, np.nan], np.float32).tobytes())
    assert not_finite_windows(tmp_path, manifest) == (3,)


def test_of_a_file_that_ends_too_early_nothing_is_said(tmp_path):
    values = np.array([1.0, 2.0, np.nan], np.float32).tobytes()
    short = write(tmp_path / "short", "F32", values)
    assert not is_finite_file(short)
    short.write_bytes(short.read_bytes()[:-5])
    assert is_finite_file(short)
