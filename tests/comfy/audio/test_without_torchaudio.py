"""The default workflow on a server on which this pack finds no torchaudio.

ComfyUI 0.33 imports torchaudio before any pack; a pack of the test's hides its resampler from all that is loaded later.
"""

from __future__ import annotations

import pytest

from audio_loop.demo.launch import tiny_server

from ..conftest import TEST_NODES, Comfy
from ..shipped import ask, painted, shipped, video_facts, video_of, write_picture, write_song

HIDES = """
import importlib, sys
sys.modules["torchaudio.functional"] = None
sys.modules["comfy.audio"] = None

class ResamplersThatCanBeImported:
    RETURN_TYPES, FUNCTION, CATEGORY, INPUT_TYPES = ("STRING",), "names", "test", classmethod(lambda cls: {"required": {}})

    def names(self):
        found = []
        for name in ("comfy.audio", "torchaudio.functional"):
            try:
                importlib.import_module(name)
                found.append(name)
            except ImportError:
                pass
        return (f"found: {found}",)

NODE_CLASS_MAPPINGS = {"ResamplersThatCanBeImported": ResamplersThatCanBeImported}
"""


@pytest.fixture(scope="module")
def server(tiny_models, tmp_path_factory):
    hiding = tmp_path_factory.mktemp("packs") / "hides_torchaudio"
    hiding.mkdir()
    (hiding / "__init__.py").write_text(HIDES, "utf-8")
    session = Comfy(
        tiny_server(
            tmp_path_factory.mktemp("comfyui"),
            tiny_models,
            custom_nodes={"audio-loop-tests": TEST_NODES, "hides-torchaudio": hiding},
        )
    )
    yield session
    session.close()


@pytest.mark.parametrize("rate", [48000, 44101])
def test_the_default_workflow_makes_its_video(server, tmp_path, rate):
    nodes = {"resamplers": {"class_type": "ResamplersThatCanBeImported", "inputs": {}}}
    assert ask(server, nodes, {"found": ["resamplers", 0]}) == {"found": "found: []"}
    song = server.add_input(write_song(tmp_path / f"song_{rate}.wav", 3.0, rate))
    prompt = painted(shipped(song, server.add_input(write_picture(tmp_path / "picture.png"))))
    result = server.run(prompt, timeout=300)
    assert server.painted_numbers(result) == list(range(75))
    assert video_facts(video_of(server, result))["audio_seconds"] == pytest.approx(3.0, abs=0.1)
