"""The classic workflow on a ComfyUI that has the packs it needs; only asked for by `AUDIO_LOOP_PACKS`.

    AUDIO_LOOP_PACKS=FOLDER python scripts/run_tests.py --tier comfy tests/comfy/workflow_graph/test_classic_with_packs.py

FOLDER holds ComfyUI-KJNodes, ComfyUI-LTXVideo, ComfyUI-VideoHelperSuite and ComfyUI-MelBandRoFormer; what they need is found
on `PYTHONPATH`.
"""

from __future__ import annotations

import os
from pathlib import Path

import av
import pytest

from audio_loop.comfy_host.session import ComfySession
from audio_loop.demo.launch import tiny_server
from audio_loop.demo.tiny_names import CHECKPOINT_NAME, TEXT_ENCODER_NAME
from audio_loop.workflow_graph.frontend.to_api import to_api
from audio_loop.workflow_graph.shipped import classic
from audio_loop.workflow_graph.shipped.classic_options import Options

from ..shipped import write_picture, write_song

PACKS = ("ComfyUI-KJNodes", "ComfyUI-LTXVideo", "ComfyUI-VideoHelperSuite", "ComfyUI-MelBandRoFormer")
SECONDS = 4.8


@pytest.fixture(scope="module")
def comfy(tiny_models, tmp_path_factory):
    folder = Path(os.environ["AUDIO_LOOP_PACKS"])
    packs = {name: folder / name for name in PACKS}
    with ComfySession(tiny_server(tmp_path_factory.mktemp("comfyui"), tiny_models, custom_nodes=packs)) as session:
        yield session


def test_the_classic_workflow_renders(comfy, tmp_path):
    prompt = to_api(classic.workflow(Options(width=256, height=128, length=49, window=1.96, overlap=0.36)))
    song = comfy.add_input(write_song(tmp_path / "classic.wav", SECONDS))
    picture = comfy.add_input(write_picture(tmp_path / "classic.png"))
    prompt["565"]["inputs"]["audio"] = song
    prompt["444"]["inputs"]["image"] = picture
    checkpoint = {"ckpt_name": CHECKPOINT_NAME}
    prompt["tiny"] = {"class_type": "CheckpointLoaderSimple", "inputs": checkpoint}
    prompt["1538"] = {"class_type": "LTXVAudioVAELoader", "inputs": checkpoint}
    prompt["416"] = {
        "class_type": "DemoTinyTextEncoderLoader",
        "inputs": {"text_encoder": TEXT_ENCODER_NAME, "device": "default", **checkpoint},
    }
    for loader, slot in (("414", 0), ("1537", 2)):
        del prompt[loader]
        for node in prompt.values():
            node["inputs"] = {k: ["tiny", slot] if v == [loader, 0] else v for k, v in node["inputs"].items()}
    result = comfy.run(prompt, timeout=300)
    (video,) = [file for file in result.files("617") if file.filename.endswith(".mp4")]
    with av.open(str(comfy.path_of(video))) as container:
        frames = sum(1 for _ in container.decode(video=0))
        assert abs(frames / 25 - SECONDS) <= 0.2
        assert len(container.streams.audio) == 1
