"""What the pack asks of ComfyUI about LTX's latents: there in this ComfyUI; gone, a grey preview or a clear refusal."""

from __future__ import annotations

import pytest
import torch

from audio_loop.comfyui_internals import ltx_latents
from audio_loop.comfyui_internals.contact import ComfyUIChangedError
from audio_loop.video.preview import preview_frames

from ...renaming import hide


@pytest.mark.parametrize("name", ["LTXAV", None])
def test_previews(comfy_on_cpu, missed, monkeypatch, name):
    latent = {"samples": torch.randn(1, 128, 3, 4, 6, generator=torch.Generator().manual_seed(1))}
    if name:
        hide(monkeypatch, "comfy.latent_formats", name)
    frames = [preview_frames(latent) for _ in range(2)][1]
    assert 0 <= frames.min() < frames.max() <= 1
    is_grey = torch.equal(frames[..., 0], frames[..., 1])
    assert is_grey is bool(name)
    assert ["previews of finished windows are grey" in text for text in missed()] == [True] * bool(name)


def test_positions_are_refused_by_name(comfy_on_cpu, monkeypatch):
    given = (1, 128, 2, 1, 1), (8, 32, 32), torch.device("cpu")
    positions = ltx_latents.token_positions(*given, causal_fix=True)
    assert positions[0, 0].tolist() == [[0, 1], [1, 9]]
    hide(monkeypatch, "comfy.ldm.lightricks.symmetric_patchifier", "latent_to_pixel_coords")
    with pytest.raises(ComfyUIChangedError, match=r"positions of LTX's tokens in ComfyUI 0\..*a picture cannot guide a window"):
        ltx_latents.token_positions(*given, causal_fix=True)


def test_the_class_of_sound_and_picture_is_refused_by_name(nested_class, monkeypatch):
    assert ltx_latents.nested_class() is nested_class
    hide(monkeypatch, "comfy.nested_tensor", "NestedTensor")
    with pytest.raises(ComfyUIChangedError, match=r"sound and picture in one.*switch 'enabled' off"):
        ltx_latents.nested_class()
