"""What the pack missed in ComfyUI, as its log says it, and what it does without one of ComfyUI's symbols."""

from __future__ import annotations

import json
import logging
import re

import pytest

from audio_loop.comfyui_internals import contact
from audio_loop.comfyui_internals.contact import ComfyUIChangedError
from audio_loop.compatibility.contacts import fallbacks_of
from audio_loop.compatibility.page import PACK


@pytest.fixture
def missed(caplog, monkeypatch):
    """`missed()`: what was missed since the test began."""
    monkeypatch.setattr(contact, "_said", {})
    caplog.set_level(logging.WARNING)
    return lambda: [r.getMessage() for r in caplog.records if r.name == contact.__name__]


@pytest.fixture
def is_answered(missed):
    """`is_answered(ask, contact)`: asks twice; a contact that refuses does so with its words, another warns with them once."""
    fallbacks = fallbacks_of(PACK)

    def answered(ask, name):
        if fallbacks[name].refuses:
            with pytest.raises((ComfyUIChangedError, ValueError), match=re.escape(fallbacks[name].loss)):
                ask()
            return None
        ask()
        answer = ask()
        (text,) = missed()
        assert fallbacks[name].loss in text
        return answer

    return answered


def tiny_vae(kind):
    import comfy.sd

    from audio_loop.demo import tiny_architecture
    from audio_loop.demo.tiny_ltx import vae_shapes
    from audio_loop.demo.tiny_weights import tiny_state_dict

    weights = tiny_state_dict(vae_shapes()[kind])
    return comfy.sd.VAE(sd=weights, metadata={"config": json.dumps(tiny_architecture.CHECKPOINT)})


@pytest.fixture(scope="session")
def video_vae(comfy_on_cpu):
    """ComfyUI's VAE of the tiny LTX for video."""
    return tiny_vae(0)


@pytest.fixture(scope="session")
def audio_vae(comfy_on_cpu):
    """ComfyUI's VAE of the tiny LTX for sound."""
    return tiny_vae(1)
