"""Judges with models, on models of their architecture with small random weights; with the trained ones: not run."""

from __future__ import annotations

import av
import numpy as np
import pytest

from audio_loop.autoresearch.judge.exhibit import Exhibit
from audio_loop.autoresearch.judge.extras import subject_consistency
from audio_loop.autoresearch.judge.scorecard import all_extras
from audio_loop.demo.picture import write_picture
from audio_loop.demo.song import song
from audio_loop.doctor.drift.subject_likeness import likeness_at_end
from audio_loop.watching.watched_video import SamplePicture

SIDE_PX, FPS, SECONDS = 64, 8, 3


@pytest.fixture(autouse=True)
def nothing_installed(monkeypatch, tmp_path):
    """No weights but those of the test."""
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "none"))
    for name in ("DINOV3_MODEL", "PE_AV_MODEL", "SYNCNET_WEIGHTS", "S3FD_WEIGHTS", "ALEXNET_WEIGHTS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "none"))


@pytest.fixture(scope="module")
def exhibit(tmp_path_factory):
    """A video of a picture that turns to noise in its last second, with a song."""
    from PIL import Image

    folder = tmp_path_factory.mktemp("exhibit")
    picture = write_picture(folder / "picture.png")
    with Image.open(picture) as image:
        still = np.asarray(image.convert("RGB").resize((SIDE_PX, SIDE_PX)))
    noise = np.random.default_rng(0).integers(0, 255, still.shape, np.uint8)
    with av.open(str(folder / "video.mp4"), "w") as container:
        video, audio = container.add_stream("h264", FPS), container.add_stream("aac", 44100)
        video.width = video.height = SIDE_PX
        for index in range(FPS * SECONDS):
            shown = still if index < FPS * (SECONDS - 1) else noise
            container.mux(video.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(shown), format="rgb24")))
        container.mux(video.encode(None))
        sound = av.AudioFrame.from_ndarray(song(SECONDS), format="fltp", layout="stereo")
        sound.sample_rate = 44100
        container.mux([*audio.encode(sound), *audio.encode(None)])
    return Exhibit(folder / "video.mp4", None, None, "0:00+: a woman in red is singing", picture)


def test_without_weights_every_judge_says_so_and_gives_no_number(exhibit):
    for name, measure in all_extras().items():
        metrics = measure(exhibit)
        (status,) = [key for key in metrics if key.endswith("_status")]
        assert metrics.pop(status).startswith("model_unavailable: "), name
        assert metrics
        assert set(metrics.values()) == {None}


@pytest.fixture
def dinov3(tmp_path, monkeypatch):
    """A small one with random weights."""
    import torch
    from transformers import DINOv3ViTConfig, DINOv3ViTImageProcessor, DINOv3ViTModel

    torch.manual_seed(1)
    sizes = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2}
    DINOv3ViTModel(DINOv3ViTConfig(image_size=SIDE_PX, patch_size=16, **sizes)).save_pretrained(tmp_path)
    DINOv3ViTImageProcessor(size={"height": SIDE_PX, "width": SIDE_PX}).save_pretrained(tmp_path)
    monkeypatch.setenv("DINOV3_MODEL", str(tmp_path))


@pytest.mark.usefixtures("dinov3")
def test_dinov3_compares_frames_with_the_picture(exhibit):
    metrics = subject_consistency.measure(exhibit)
    assert metrics["subject_consistency_status"] == "ok"
    assert -1 <= metrics["min_to_anchor"] < metrics["mean_to_anchor"] <= 1
    assert metrics == subject_consistency.measure(exhibit)


def subject_pictures(changes):
    """Twelve small pictures of somebody in the middle, who is another one at the end or not."""
    random = np.random.default_rng(3)
    place = random.integers(0, 255, (90, 160, 3), np.uint8)
    one, other = (random.integers(0, 255, (76, 58, 3), np.uint8) for _ in range(2))
    pictures = []
    for number in range(12):
        shown = place.copy()
        shown[14:, 51:109] = other if changes and number > 5 else one
        pictures.append(SamplePicture(number * 12, shown))
    return pictures


@pytest.mark.usefixtures("dinov3")
def test_the_doctor_tells_the_likeness_of_the_subject_by_dinov3():
    there = np.ones(12, bool)
    assert likeness_at_end(subject_pictures(changes=False), there) == pytest.approx(1.0, abs=1e-4)
    assert likeness_at_end(subject_pictures(changes=True), there) < 0.999


def test_the_doctor_says_which_model_is_not_here():
    assert "DINOV3_MODEL" in likeness_at_end(subject_pictures(changes=False), np.ones(12, bool))


def test_a_model_that_does_not_load_is_named_and_stops_nothing(exhibit, tmp_path, monkeypatch):
    (tmp_path / "config.json").write_text('{"model_type": "of_tomorrow"}')
    monkeypatch.setenv("DINOV3_MODEL", str(tmp_path))
    said = likeness_at_end(subject_pictures(changes=False), np.ones(12, bool))
    assert said.startswith(f"model_unavailable: {tmp_path} cannot be loaded: ")
    metrics = subject_consistency.measure(exhibit)
    assert metrics["subject_consistency_status"].startswith("model_unavailable: ")
    assert metrics["mean_to_anchor"] is None
