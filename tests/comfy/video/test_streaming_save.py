"""StreamingVideoSave on a real server, beside ComfyUI's own VAEDecode and SaveImage."""

from __future__ import annotations

import json

import av
import numpy as np
import pytest
from PIL import Image

from audio_loop.comfy_host.errors import ComfyError
from audio_loop.demo.tiny_names import CHECKPOINT_NAME

LATENT = ["4", 0]
VAE = ["1", 2]


def noise_latent(length=57):
    """A latent with something in every frame, without sampling."""
    return {
        "1": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": CHECKPOINT_NAME}},
        "2": {
            "class_type": "EmptyLTXVLatentVideo",
            "inputs": {"width": 128, "height": 64, "length": length, "batch_size": 1},
        },
        "3": {"class_type": "RandomNoise", "inputs": {"noise_seed": 5}},
        "5": {"class_type": "ManualSigmas", "inputs": {"sigmas": "1.0, 0.0"}},
        "4": {
            "class_type": "AddNoise",
            "inputs": {"model": ["1", 0], "noise": ["3", 0], "sigmas": ["5", 0], "latent_image": ["2", 0]},
        },
    }


def streamed(prefix, **inputs):
    values = {"latent": LATENT, "vae": VAE, "fps": 25, "frames": 50, "filename_prefix": prefix, "crf": -1, **inputs}
    return {"class_type": "StreamingVideoSave", "inputs": values}


def test_the_pictures_are_those_of_vae_decode(comfy):
    prompt = {
        **noise_latent(),
        "6": streamed("streaming/pictures", format="png-16bit"),
        "7": {"class_type": "VAEDecode", "inputs": {"samples": LATENT, "vae": VAE}},
        "8": {"class_type": "SaveImage", "inputs": {"images": ["7", 0], "filename_prefix": "streaming/core"}},
    }
    result = comfy.run(prompt)
    pictures = sorted((comfy.output_folder / "streaming" / "pictures_00001_").glob("*.png"))
    core = [comfy.path_of(file) for file in result.files("8")]
    assert (len(pictures), len(core)) == (50, 57)
    for ours, theirs in zip(pictures, core, strict=False):
        with av.open(str(ours)) as container:
            deep = next(container.decode(video=0)).to_ndarray(format="rgb48le").astype(np.float64) * 255 / 65535
        shallow = np.asarray(Image.open(theirs).convert("RGB"), dtype=np.float64)
        # SaveImage cuts the fraction off.
        assert (deep - shallow).min() > -0.02
        assert (deep - shallow).max() < 1.02
    assert np.ptp(shallow) > 50, "the frames show something"


@pytest.mark.parametrize(("name", "extension"), [("h264-mp4", "mp4"), ("vp9-webm", "webm")])
def test_a_video_carries_its_graph_and_a_second_one_gets_the_next_number(comfy, name, extension):
    prompt = {**noise_latent(25), "6": streamed("streaming/video", format=name, frames=25)}
    for number in (1, 2):
        prompt["3"]["inputs"]["noise_seed"] = number
        (file,) = comfy.run(prompt, extra_data={"extra_pnginfo": {"workflow": {"nodes": []}}}).files("6")
        path = comfy.path_of(file)
        assert path.suffix == f".{extension}"
        with av.open(str(path)) as container:
            found = {key.lower(): json.loads(value) for key, value in container.metadata.items() if value[:1] == "{"}
            frames = sum(1 for _ in container.decode(video=0))
        assert frames == 25
        assert found["workflow"] == {"nodes": []}
        assert found["prompt"]["3"]["inputs"]["noise_seed"] == number
    assert not list((comfy.output_folder / "streaming").glob("*.partial.*"))


def write_mp3(path, seconds=4, rate=44_100):
    samples = np.random.default_rng(1).normal(size=(2, rate * seconds)).astype(np.float32) * 0.1
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libmp3lame", rate=rate, layout="stereo")
        frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout="stereo")
        frame.sample_rate = rate
        container.mux([*stream.encode(frame), *stream.encode(None)])
    return path


def packets_of(path):
    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux(audio=0) if packet.size]


@pytest.mark.parametrize(("start", "copied"), [(0.0, True), (0.5, False)])
def test_the_song_is_not_encoded_again_if_it_begins_where_its_file_does(comfy, tmp_path, start, copied):
    song = write_mp3(tmp_path / "song.mp3")
    prompt = {
        **noise_latent(),
        "s": {"class_type": "LoadAudio", "inputs": {"audio": comfy.add_input(song)}},
        "t": {"class_type": "TrimAudioDuration", "inputs": {"audio": ["s", 0], "start_index": start, "duration": 3.0}},
        "6": streamed(f"streaming/song_{copied}", format="h264-mp4", audio=["t", 0]),
    }
    (file,) = comfy.run(prompt).files("6")
    packets = packets_of(comfy.path_of(file))
    assert (packets == packets_of(song)[: len(packets)]) == copied
    prompt["6"]["inputs"]["audio_kbps"] = 320
    (file,) = comfy.run(prompt).files("6")
    with av.open(str(comfy.path_of(file))) as container:
        assert container.streams.audio[0].codec_context.name == "aac"


def test_pictures_are_no_video_and_what_comes_after_is_told(comfy):
    prompt = {
        **noise_latent(9),
        "6": streamed("streaming/blocked", format="png-16bit", frames=9),
        "7": {"class_type": "GetVideoComponents", "inputs": {"video": ["6", 0]}},
        "8": {"class_type": "PreviewAny", "inputs": {"source": ["7", 2]}},
    }
    with pytest.raises(ComfyError) as caught:
        comfy.run(prompt)
    assert "9 pictures in streaming/blocked_00001_ are no video file" in caught.value.message
    assert len(list((comfy.output_folder / "streaming" / "blocked_00001_").glob("*.png"))) == 9


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"fps": 25}, "50 frames"),
        ({"fps": 24}, "50 frames; 50 frames at 24 fps last 2.083 s, the song 2.0 s: fps must be the plan's"),
        ({"fps": 30}, "50 frames; 50 frames at 30 fps last 1.667 s, the song 2.0 s: right if only a part was asked for"),
        # Of a render that was stopped the frames that are missing are told, and they say nothing about the rate.
        ({"fps": 30, "frames": 60}, "57 of 60 frames: the rest was not rendered"),
    ],
)
def test_a_rate_that_is_not_the_songs_is_told(comfy, values, said):
    prompt = {
        **noise_latent(),
        "s": {"class_type": "EmptyAudio", "inputs": {"duration": 2.0, "sample_rate": 44100, "channels": 1}},
        "6": streamed("streaming/rate", format="h264-mp4", audio=["s", 0], **values),
    }
    (text,) = comfy.run(prompt).outputs["6"]["text"]
    assert text.startswith(said)
    assert ("last" in text) == ("last" in said)
