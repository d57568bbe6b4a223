"""What the pack reads of ComfyUI's video VAE: there in this ComfyUI; gone, one warning, and the video is the same."""

from __future__ import annotations

import copy
import json
import re

import pytest
import torch

from audio_loop.video.decode_spans import decode_spans

FRAMES = 497


@pytest.fixture(scope="module")
def vae(comfy_on_cpu):
    import comfy.sd

    from audio_loop.demo import tiny_architecture
    from audio_loop.demo.tiny_ltx import vae_shapes
    from audio_loop.demo.tiny_weights import tiny_state_dict

    weights = tiny_state_dict(vae_shapes()[0])
    return comfy.sd.VAE(sd=weights, metadata={"config": json.dumps(tiny_architecture.CHECKPOINT)})


@pytest.fixture(scope="module")
def latent():
    return torch.randn(1, 128, (FRAMES - 1) // 8 + 1, 1, 1, generator=torch.Generator().manual_seed(1))


@pytest.fixture(scope="module")
def whole(vae, latent):
    with torch.inference_mode():
        return vae.decode(latent)[0]


def decoded(vae, latent):
    spans = []
    report = decode_spans(vae, latent, spans.append)
    return torch.cat(spans), report


def test_this_comfyui_decodes_into_a_buffer(vae, latent, whole, missed):
    frames, report = decoded(vae, latent)
    assert (frames - whole).abs().max() < 1e-4
    assert (report.pieces, report.exact) == (1, True)
    assert missed() == []


@pytest.mark.parametrize("name", ["comfy_has_chunked_io", "decode_output_shape", "output_buffer"])
def test_an_ltx_vae_that_writes_no_chunks_is_decoded_in_pieces(vae, latent, whole, missed, monkeypatch, name):
    from comfy.ldm.lightricks.vae.causal_video_autoencoder import VideoVAE

    if name == "output_buffer":
        decode = VideoVAE.decode
        monkeypatch.setattr(VideoVAE, "decode", lambda self, x: decode(self, x))
    else:
        monkeypatch.delattr(VideoVAE, name)
    frames, report = decoded(vae, latent)
    assert (frames - whole).abs().max() < 1e-4
    assert report.pieces > 1
    (text,) = missed()
    assert re.search(rf"chunked decode of LTX's VAE in ComfyUI \S+ \(VideoVAE has no {name}", text)
    assert "overlapping pieces" in text


@pytest.mark.parametrize("name", ["memory_used_decode", "vae_output_dtype", "process_output", "patcher", "device"])
def test_a_vae_whose_decode_has_other_steps_decodes_itself(vae, latent, whole, missed, name):
    later = OtherVae(vae, name)
    frames, report = decoded(later, latent)
    assert (frames - whole).abs().max() < 1e-4
    assert report.pieces > 1
    (text,) = missed()
    assert re.search(rf"steps of VAE\.decode in ComfyUI \S+ \(no {name}\)", text)
    assert "VAE.decode itself" in text


class OtherVae:
    """A real VAE that does not tell one of its parts."""

    def __init__(self, vae, hidden):
        self._vae, self._hidden = copy.copy(vae), hidden

    def __getattr__(self, name):
        if name == self._hidden:
            raise AttributeError(name)
        return getattr(self._vae, name)
