"""The decoder of previews: found by ComfyUI's name for it, read once, and no loss if it is not there or broken."""

from __future__ import annotations

import pytest
import torch

from audio_loop.video.preview import preview_frames
from audio_loop.video.tiny_decoder import tiny_decoder


@pytest.fixture
def folder(comfy_on_cpu, tmp_path, monkeypatch):
    """An empty `models/vae_approx`."""
    import folder_paths

    monkeypatch.setitem(folder_paths.folder_names_and_paths, "vae_approx", ([str(tmp_path)], {".safetensors"}))
    monkeypatch.delitem(folder_paths.filename_list_cache, "vae_approx", raising=False)
    yield tmp_path
    folder_paths.filename_list_cache.pop("vae_approx", None)


def write_decoder(path):
    from comfy.taesd.taehv import TAEHV
    from safetensors.torch import save_file

    # Small weights: memory that nobody wrote may hold anything, and large ones overflow.
    weights = TAEHV(latent_channels=128, latent_format=None).state_dict()
    generator = torch.Generator().manual_seed(0)
    save_file({name: torch.randn(value.shape, generator=generator) / 100 for name, value in weights.items()}, path)


def test_without_its_file_there_is_none(folder):
    (folder / "taehv.safetensors").write_bytes(b"another")
    assert tiny_decoder() is None


def test_with_its_file_it_decodes_and_is_read_once(folder):
    write_decoder(folder / "taeltx_2.safetensors")
    found = tiny_decoder()
    frames = preview_frames(torch.ones(1, 128, 1, 1, 2), found)
    assert (frames.shape, bool(frames.isfinite().all())) == ((1, 192, 384, 3), True)
    assert tiny_decoder() is found


def test_a_broken_file_is_said_once_and_done_without(folder, caplog):
    (folder / "taeltx_2_3.safetensors").write_bytes(b"broken")
    assert [tiny_decoder(), tiny_decoder()] == [None, None]
    (said,) = [record.getMessage() for record in caplog.records if "previews are made without" in record.getMessage()]
    assert "taeltx_2_3.safetensors" in said
