"""Pictures over time on a real server: chosen by window, encoded once each, taken from a reference video."""

from __future__ import annotations

import pytest

from audio_loop.demo.tiny_names import CHECKPOINT_NAME

from ..shipped import ask, refused, silence

COLOURS = {"red": 0xFF0000, "green": 0x00FF00}
PLAN = {
    "song": silence(8.0),
    "plan": {
        "class_type": "AudioLoopPlanner",
        "inputs": {
            "audio": ["song", 0],
            "window_seconds": 1.96,
            "overlap_seconds": 0.36,
            "fps": 25,
            "max_iterations": 0,
            "schedule": "",
            "last_window": "full",
        },
    },
}
"""Windows of 49 frames every 1.6 s: the initial render and four iterations."""
PICTURES = {
    name: {"class_type": "EmptyImage", "inputs": {"width": 64, "height": 64, "batch_size": 1, "color": color}}
    for name, color in COLOURS.items()
} | {"both": {"class_type": "ImageBatch", "inputs": {"image1": ["red", 0], "image2": ["green", 0]}}}
TIMES = {"stride_seconds": 99.0, "audio_duration": 1.0, "snap_boundaries": True, "plan": ["plan", 5]}


def scheduled(schedule, iteration):
    values = {"images": ["both", 0], "schedule": schedule, "current_iteration": iteration, **TIMES}
    return {**PLAN, **PICTURES, "picture": {"class_type": "KeyframeImageSchedule", "inputs": values}}


@pytest.mark.parametrize(("iteration", "index"), [(0, "0"), (2, "0"), (3, "1"), (4, "1")])
def test_each_window_has_its_picture(comfy, iteration, index):
    told = ask(comfy, scheduled("0:00: 0\n0:05: 1", iteration), {"index": ["picture", 1], "report": ["picture", 2]})
    assert told["index"] == index
    assert "line 2" in told["report"]


def test_what_cannot_be_chosen_is_refused(comfy):
    assert "names picture 2, but there are 2" in refused(comfy, scheduled("0:00: 2", 0), ["picture", 0])
    assert "there is no picture for window 9" in refused(comfy, scheduled("0:00: 0", 9), ["picture", 0])


def test_pictures_are_encoded_as_vae_encode_does(comfy):
    encode = {"vae": ["model", 2], "images": ["both", 0], "schedule": "0:00: 0\n0:05: 1", **TIMES}
    nodes = {
        **PLAN,
        **PICTURES,
        "model": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": CHECKPOINT_NAME}},
        "listed": {"class_type": "KeyframeLatentScheduleBatchEncode", "inputs": encode},
    }
    outputs = {"count": ["listed", 1]}
    for iteration, name in ((0, "red"), (4, "green")):
        nodes[f"chosen {name}"] = {
            "class_type": "LatentSelectByIteration",
            "inputs": {"latent_list": ["listed", 0], "current_iteration": iteration},
        }
        nodes[f"core {name}"] = {"class_type": "VAEEncode", "inputs": {"pixels": [name, 0], "vae": ["model", 2]}}
        outputs |= {f"ours {name}": [f"chosen {name}", 0], f"theirs {name}": [f"core {name}", 0]}
    told = ask(comfy, nodes, outputs)
    assert told["count"] == "5"
    for name in COLOURS:
        assert told[f"ours {name}"] == told[f"theirs {name}"]
    assert told["ours red"] != told["ours green"]


def test_a_frame_of_a_reference_video(comfy):
    frames = {"images": ["both", 0], "fps": 1.0}
    video = {
        **PLAN,
        **PICTURES,
        "video": {"class_type": "CreateVideo", "inputs": frames},
        "saved": {
            "class_type": "SaveVideo",
            "inputs": {"video": ["video", 0], "filename_prefix": "video/reference", "format": "mp4", "codec": "h264"},
        },
    }
    result = comfy.run(video)
    (file,) = [file for file in result.files() if file.filename.endswith(".mp4")]
    name = comfy.add_input(comfy.path_of(file))

    def frame(iteration):
        values = {"video": ["load", 0], "current_iteration": iteration, "stride_seconds": 99.0, "plan": ["plan", 5]}
        return {
            **PLAN,
            "load": {"class_type": "LoadVideo", "inputs": {"file": name}},
            "frame": {"class_type": "VideoFrameExtract", "inputs": {**values, "offset_seconds": 0.0}},
        }

    # Two frames of a second each: window 1 starts at 1.6 s, window 2 at 3.2 s.
    assert ask(comfy, frame(0), {"at": ["frame", 1]})["at"] == "0.0"
    assert ask(comfy, frame(1), {"at": ["frame", 1]})["at"] == "1.0"
    assert "the video ends at" in refused(comfy, frame(2), ["frame", 0])
