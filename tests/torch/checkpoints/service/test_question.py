"""What a checkpoint asks before it hashes the graph behind it."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest

from audio_loop.checkpoints.errors import FingerprintRefusedError
from audio_loop.checkpoints.service.question import ask


def test_a_latent_that_is_no_wire_is_refused_by_name():
    graph = SimpleNamespace(get_node=lambda _node_id: {"inputs": {"latent": 3}})
    with pytest.raises(FingerprintRefusedError, match="latent is 3, not a wire"):
        asyncio.run(ask(SimpleNamespace(values={}), "1", graph))
