"""What the pack missed in ComfyUI, as its log says it."""

from __future__ import annotations

import logging

import pytest

from audio_loop.comfyui_internals import contact


@pytest.fixture
def missed(caplog, monkeypatch):
    """`missed()`: what was missed since the test began."""
    monkeypatch.setattr(contact, "_said", {})
    caplog.set_level(logging.WARNING)
    return lambda: [r.getMessage() for r in caplog.records if r.name == contact.__name__]
