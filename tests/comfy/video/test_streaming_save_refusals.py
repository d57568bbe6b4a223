"""What StreamingVideoSave cannot save is refused before its latent is asked for, and so before anything is sampled."""

from __future__ import annotations

import errno
import shutil
from datetime import datetime

import av
import numpy as np
import pytest

from audio_loop.comfy_host.errors import ComfyError
from audio_loop.demo.tiny_names import CHECKPOINT_NAME

from ..shipped import shipped, write_picture, write_song

LATENT = ["4", 0]
VAE = ["1", 2]
SAMPLER = "4"
"""Stands for all sampling: it makes the latent."""


def saving(sound=None, **inputs):
    """Nine frames of noise, saved; `sound` are nodes of which "s" gives the AUDIO."""
    values = {"latent": LATENT, "vae": VAE, "fps": 25, "frames": 9, "filename_prefix": "refusals/a"}
    values |= {"format": "h264-mp4", "crf": -1}
    return {
        "1": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": CHECKPOINT_NAME}},
        "2": {"class_type": "EmptyLTXVLatentVideo", "inputs": {"width": 128, "height": 64, "length": 9, "batch_size": 1}},
        "3": {"class_type": "RandomNoise", "inputs": {"noise_seed": 5}},
        "5": {"class_type": "ManualSigmas", "inputs": {"sigmas": "1.0, 0.0"}},
        "4": {
            "class_type": "AddNoise",
            "inputs": {"model": ["1", 0], "noise": ["3", 0], "sigmas": ["5", 0], "latent_image": ["2", 0]},
        },
        "6": {"class_type": "StreamingVideoSave", "inputs": values | ({"audio": ["s", 0]} if sound else {}) | inputs},
        **(sound or {}),
    }


def refused(comfy, prompt):
    """What the prompt is refused with; nothing was sampled and nothing written."""
    executed = []
    with pytest.raises(ComfyError) as caught:
        comfy.run(prompt, on_event=lambda event: executed.append(getattr(event, "node_id", None)))
    assert SAMPLER not in executed
    folder = comfy.output_folder / "refusals"
    assert not folder.exists() or not list(folder.rglob("a*.*")), "no file is left of it"
    said = str(caught.value)
    assert "StreamingVideoSave" in said
    assert not any(word in said for word in ("PyAV", "Errno", "Traceback", "TypeError"))
    return said


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ({"crf": 60}, "crf 60 is outside 0 to 51, the range of h264-mp4"),
        ({"crf": 60, "format": "prores-mov"}, "prores-mov has no such setting"),
        ({"audio_kbps": 8}, "8 kb/s is outside 32 to 512"),
        ({"audio_kbps": 320, "format": "prores-mov"}, "not compressed"),
        ({"filename_prefix": "/tmp/elsewhere"}, "inside the output folder, as 'tmp/elsewhere' does"),
        ({"filename_prefix": "../../elsewhere"}, "climbs out of its folder"),
        ({"filename_prefix": "refusals/" + "a" * 260}, "too long for the disk. Shorten filename_prefix"),
        ({"filename_prefix": "a" * 260 + "/b"}, "too long for the disk. Shorten filename_prefix"),
        ({"fps": 0}, "fps"),
        ({"vae": ["9", 0]}, "(AudioVAE) does not decode video; connect the video VAE"),
    ],
)
def test_settings_that_cannot_work_are_refused_before_sampling(comfy, inputs, said):
    prompt = saving(**inputs)
    prompt["9"] = {"class_type": "LTXVAudioVAELoader", "inputs": {"ckpt_name": CHECKPOINT_NAME}}
    assert said in refused(comfy, prompt)


def test_settings_are_checked_too_if_the_vae_is_in_the_cache(comfy):
    comfy.run(saving(filename_prefix="cached/a"))
    assert "crf 60 is outside" in refused(comfy, saving(filename_prefix="cached/b", crf=60))
    assert "does not decode video" not in refused(comfy, saving(filename_prefix="../b"))
    (file,) = comfy.run(saving(filename_prefix="cached/c")).files("6")
    assert file.filename == "c_00001_.mp4"


def test_a_file_in_the_way_of_the_folder_is_named(comfy):
    (comfy.output_folder / "in_the_way").write_text("mine")
    said = refused(comfy, saving(filename_prefix="in_the_way/clip"))
    assert "in_the_way is in the way. Move it away" in said
    assert (comfy.output_folder / "in_the_way").read_text() == "mine"


def test_a_folder_that_leads_outside_is_refused(comfy, tmp_path):
    (comfy.output_folder / "away").symlink_to(tmp_path)
    assert "outside the output folder" in refused(comfy, saving(filename_prefix="away/clip"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("channels", [3, 4, 8])
def test_sound_with_too_many_channels_is_refused(comfy, tmp_path, channels):
    name = comfy.add_input(write_song(tmp_path / f"channels_{channels}.wav", 1.0, 48_000, channels))
    sound = {"s": {"class_type": "LoadAudio", "inputs": {"audio": name}}}
    assert f"the audio has {channels} channels; a video takes 1, 2 or 6: mix it down" in refused(comfy, saving(sound))


def test_sound_that_is_not_a_number_is_refused(comfy, tmp_path):
    samples = np.zeros((1, 48_000), np.float32)
    samples[0, 24_000] = np.nan
    with av.open(str(tmp_path / "not_a_number.wav"), "w") as container:
        stream = container.add_stream("pcm_f32le", rate=48_000, layout="mono")
        frame = av.AudioFrame.from_ndarray(samples, format="flt", layout="mono")
        frame.sample_rate = 48_000
        container.mux([*stream.encode(frame), *stream.encode(None)])
    sound = {"s": {"class_type": "LoadAudio", "inputs": {"audio": comfy.add_input(tmp_path / "not_a_number.wav")}}}
    assert "not a number at 0:00.5" in refused(comfy, saving(sound))


def test_a_clip_without_sound_is_refused(comfy, tmp_path):
    silent = tmp_path / "without_sound.mp4"
    with av.open(str(silent), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 32, 32, "yuv420p"
        for _ in range(3):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), format="rgb24")))
        container.mux(stream.encode(None))
    sound = {
        "l": {"class_type": "LoadVideo", "inputs": {"file": comfy.add_input(silent)}},
        "s": {"class_type": "GetVideoComponents", "inputs": {"video": ["l", 0]}},
    }
    prompt = saving(sound)
    prompt["6"]["inputs"]["audio"] = ["s", 1]
    assert "what is wired to audio has no sound" in refused(comfy, prompt)


@pytest.mark.parametrize(
    ("prefix", "stem"),
    [
        ("", "untitled"),
        ("names/CON", "names/_CON"),
        ("names/two\nlines", "names/two_lines"),
        ("names/12:30", "names/12_30"),
        ("names/.hidden", "names/hidden"),
        ("names\\windows", "names/windows"),
        ("names/100% sure__x v1.5", "names/100% sure__x v1.5"),
        ("names/%width%x%height%", "names/128x64"),
        ("names/%date:yyyy-MM-dd%", f"names/{datetime.now():%Y-%m-%d}"),
        ("names/%RandomNoise.noise_seed%_%EmptyLTXVLatentVideo.length%", "names/5_9"),
    ],
)
def test_any_name_becomes_one_that_every_system_takes(comfy, prefix, stem):
    (file,) = comfy.run(saving(filename_prefix=prefix)).files("6")
    assert f"{file.subfolder}/{file.filename}".lstrip("/") == f"{stem}_00001_.mp4"
    assert comfy.path_of(file).is_file()


@pytest.mark.parametrize("prefix", ["same/%year%-%month%-%day%", "same/%width%_%height% a__b", "same/deep/er/v1.5", "same/x/"])
def test_names_are_those_of_comfyuis_own_saver(comfy, prefix):
    prompt = saving(filename_prefix=prefix)
    (ours,) = comfy.run(prompt).files("6")
    shutil.rmtree(comfy.output_folder / "same")
    del prompt["6"]
    prompt["7"] = {"class_type": "VAEDecode", "inputs": {"samples": LATENT, "vae": VAE}}
    prompt["8"] = {"class_type": "CreateVideo", "inputs": {"images": ["7", 0], "fps": 25}}
    saver = {"video": ["8", 0], "filename_prefix": prefix, "format": "mp4", "codec": "h264"}
    prompt["9"] = {"class_type": "SaveVideo", "inputs": saver}
    (theirs,) = comfy.run(prompt).files("9")
    assert (ours.subfolder, ours.filename) == (theirs.subfolder, theirs.filename)


@pytest.mark.parametrize("name", ["prores-mov", "png-16bit"])
def test_what_a_browser_cannot_play_is_shown_as_a_small_copy_and_named(comfy, name):
    result = comfy.run(saving(format=name, filename_prefix=f"shown/{name}"))
    (file,) = result.files("6")
    assert (file.folder, file.filename.rsplit(".", 1)[1]) == ("temp", "mp4")
    with av.open(str(comfy.path_of(file))) as container:
        assert sum(1 for _ in container.decode(video=0)) == 9
    (told,) = result.outputs["6"]["text"]
    assert f"shown/{name}_00001_" in told


def test_the_words_for_each_error_of_the_disk():
    from pathlib import Path

    from audio_loop.video.refused_path import refusal

    def said(number, path="/out/video/a.mp4"):
        found = refusal(OSError(number, "as the system says it"), Path(path))
        return f"{found.reason}. {found.remedy}"

    assert said(errno.ENOSPC) == said(errno.EFBIG) == "the disk is full. Free some space and queue again"
    assert "may not write to /out/video" in said(errno.EROFS)
    assert "Make the folder writable" in said(errno.EACCES)
    assert "a name of 300 bytes" in said(errno.ENAMETOOLONG, "/out/" + "x" * 300)
    assert "as the system says it" in said(errno.EIO)


@pytest.mark.parametrize(
    ("channels", "values", "said"),
    [
        (1, {"n1604_filename_prefix": "in_the_way_too/clip"}, "is in the way"),
        (1, {"n1604_crf": 60}, "crf 60 is outside"),
        (8, {}, "8 channels"),
    ],
)
def test_the_shipped_workflow_is_refused_before_its_first_window(comfy, tmp_path, channels, values, said):
    (comfy.output_folder / "in_the_way_too").write_text("mine")
    song = comfy.add_input(write_song(tmp_path / f"refused_{channels}.wav", 3.0, 44_100, channels))
    picture = comfy.add_input(write_picture(tmp_path / "refused.png"))
    prompt, executed = shipped(song, picture, **values), []
    with pytest.raises(ComfyError) as caught:
        comfy.run(prompt, on_event=lambda event: executed.append(getattr(event, "node_id", None)))
    assert said in str(caught.value)
    assert "1604" in executed, "the saver was asked"
    kinds = {prompt[node_id]["class_type"] for node_id in executed if node_id in prompt}
    assert not kinds & {"SamplerCustomAdvanced", "TensorLoopOpen", "TensorLoopClose", "CheckpointLoaderSimple"}
