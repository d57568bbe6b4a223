from __future__ import annotations

from pathlib import Path

import pytest
import torch

from audio_loop.checkpoints.errors import CheckpointError, DamagedSegmentError
from audio_loop.checkpoints.runs.store import Store
from audio_loop.checkpoints.segments.latent_file import LatentCodec
from audio_loop.checkpoints.service import travelling_windows
from audio_loop.checkpoints.take import Take

FINGERPRINT = "ab" * 32


@pytest.fixture
def at(tmp_path, monkeypatch):
    """`at(machine)`: from now on the runs are those of that machine."""

    def go(machine: str) -> Path:
        monkeypatch.setattr(travelling_windows, "runs_folder", lambda: tmp_path / machine)
        return tmp_path / machine

    return go


@pytest.fixture
def sent(at) -> tuple[str, bytes, torch.Tensor]:
    """Name, bytes and samples of window 3 as the first machine made it."""
    samples = torch.randn(1, 128, 4, 2, 3, generator=torch.Generator().manual_seed(0))
    store = Store(at("here"), "song", LatentCodec(list))
    store.save(3, {"samples": samples}, Take(FINGERPRINT, prompt="she sings", seed=7))
    (window,) = travelling_windows.windows_of("song")
    assert (window.window, window.name) == (3, f"segment_0003_{FINGERPRINT[:16]}.safetensors")
    return window.name, travelling_windows.window_file("song", window.name), samples


def test_a_window_that_travelled_is_found_by_the_render_as_if_it_was_made_there(at, sent):
    name, data, samples = sent
    there = at("there")
    assert travelling_windows.windows_of("song") == ()
    travelling_windows.take_in("song", name, data)
    found = Store(there, "song", LatentCodec(list)).lookup(3, FINGERPRINT)
    assert found is not None
    assert torch.equal(found.latent["samples"], samples)
    assert (found.take.prompt, found.take.seed) == ("she sings", 7)
    assert (there / "song" / name).read_bytes() == data


def test_the_hash_of_a_window_is_the_same_on_both_machines_and_follows_its_content(at, sent):
    name, data, _ = sent
    (before,) = travelling_windows.windows_of("song")
    folder = at("there")
    travelling_windows.take_in("song", name, data)
    assert travelling_windows.windows_of("song") == (before,)
    (folder / "song" / name).write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    (after,) = travelling_windows.windows_of("song")
    assert after.hash != before.hash


def test_a_window_that_is_there_already_is_left_alone(at, sent):
    name, data, _ = sent
    folder = at("there")
    travelling_windows.take_in("song", name, data)
    stamp = (folder / "song" / name).stat().st_mtime_ns
    travelling_windows.take_in("song", name, data)
    assert (folder / "song" / name).stat().st_mtime_ns == stamp


def test_another_take_under_the_same_name_is_refused_and_nothing_is_overwritten(at, sent, tmp_path):
    name, data, samples = sent
    folder = at("there")
    Store(folder, "song", LatentCodec(list)).save(3, {"samples": samples + 1}, Take(FINGERPRINT))
    kept = (folder / "song" / name).read_bytes()
    with pytest.raises(CheckpointError, match="another file"):
        travelling_windows.take_in("song", name, data)
    assert (folder / "song" / name).read_bytes() == kept


@pytest.mark.parametrize(
    "change", [lambda d: d[:-1], lambda d: d + b"\0", lambda d: d[:-1] + b"\x01", lambda d: b"", lambda d: b"{}"]
)
def test_a_window_that_was_damaged_on_the_way_is_refused(at, sent, change):
    name, data, _ = sent
    folder = at("there")
    with pytest.raises(DamagedSegmentError):
        travelling_windows.take_in("song", name, change(data))
    assert not (folder / "song" / name).exists()


@pytest.mark.parametrize(
    "name", ["manifest.json", "../segment_0003_abababababababab.safetensors", "segment_3.safetensors", "", "a/b"]
)
def test_only_files_of_windows_are_named(at, sent, name):
    _, data, _ = sent
    at("there")
    with pytest.raises(travelling_windows.NoSuchWindowError):
        travelling_windows.take_in("song", name, data)
    with pytest.raises(travelling_windows.NoSuchWindowError):
        travelling_windows.window_file("song", name)


def test_a_window_under_the_name_of_another_is_refused(at, sent):
    _, data, _ = sent
    at("there")
    with pytest.raises(DamagedSegmentError, match="another window than its name"):
        travelling_windows.take_in("song", "segment_0004_abababababababab.safetensors", data)


def test_a_damaged_window_is_not_handed_out(at, sent):
    name, data, _ = sent
    path = at("here") / "song" / name
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    with pytest.raises(DamagedSegmentError):
        travelling_windows.window_file("song", name)
