"""From latents to a finished file in one call, on the tiny VAE."""

from __future__ import annotations

import errno
import json
from fractions import Fraction

import av
import numpy as np
import pytest
import torch

from audio_loop.video.content import VideoContent, encoding
from audio_loop.video.errors import VideoError, VideoWriteError
from audio_loop.video.halo import measured_halo
from audio_loop.video.mp4_index import IndexedFile
from audio_loop.video.save import save_stream
from audio_loop.video.video_vae import VideoVae

FPS = Fraction(25)
FRAME_BYTES = 64 * 96 * 3 * 4


@pytest.fixture(scope="module")
def vae(comfy_on_cpu):
    import comfy.sd

    from audio_loop.demo import tiny_architecture
    from audio_loop.demo.tiny_ltx import vae_shapes
    from audio_loop.demo.tiny_weights import tiny_state_dict

    weights = tiny_state_dict(vae_shapes()[0])
    return comfy.sd.VAE(sd=weights, metadata={"config": json.dumps(tiny_architecture.CHECKPOINT)})


@pytest.fixture
def small_spans(monkeypatch):
    """Spans of five frames, so that short clips have many."""
    monkeypatch.setattr("audio_loop.video.video_vae.SPAN_BYTES", 5 * FRAME_BYTES)


def latent_of(latents):
    return torch.randn(1, 128, latents, 2, 3, generator=torch.Generator().manual_seed(latents))


def silence(seconds):
    return {"waveform": torch.zeros(1, 2, int(seconds * 44_100)), "sample_rate": 44_100}


def frames_in(path):
    with av.open(str(path)) as container:
        return sum(1 for _ in container.decode(video=0))


def test_the_file_has_the_asked_frames_of_the_one_piece_decode(vae, tmp_path, small_spans):
    latent = latent_of(12)
    before = latent.clone()
    progress = []
    saved = save_stream(
        {"samples": latent},
        vae,
        tmp_path / "out" / "pictures",
        VideoContent(FPS, 80, silence(5)),
        encoding("png-16bit"),
        on_progress=lambda *step: progress.append(step),
    )
    assert saved.path == tmp_path / "out" / "pictures"
    assert (saved.frames, saved.seconds, saved.width, saved.height, saved.exact) == (80, 3.2, 96, 64, True)
    with torch.inference_mode():
        whole = vae.decode(latent)[0]
    pictures = sorted(saved.path.glob("*.png"))
    assert len(pictures) == 80
    for index in (0, 1, 8, 9, 41, 79):
        with av.open(str(pictures[index])) as container:
            read = next(container.decode(video=0)).to_ndarray(format="rgb48le").astype(np.float64) / 65535
        assert np.abs(read - whole[index].numpy()).max() < 1e-4
    assert [done for done, _, _ in progress] == sorted({done for done, _, _ in progress})
    assert progress[-1] == (80, 80, 0.0)
    assert all(total == 80 and left >= 0 for _, total, left in progress)
    assert torch.equal(latent, before)


def test_too_few_frames_are_refused_before_anything_is_written(vae, tmp_path):
    with pytest.raises(VideoError, match=r"100 frames are wanted but the 5 latents decode to 33; ask for 33 frames"):
        save_stream(latent_of(5), vae, tmp_path / "a.mp4", VideoContent(FPS, 100), encoding())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"fps": FPS, "frames": 0}, "at least 1"),
        ({"fps": Fraction(0), "frames": 9}, "above 0"),
        ({"format": "avi"}, "choose one of"),
        ({"crf": 99}, "outside 0 to 51"),
        ({"audio_kbps": 1}, "outside 32 to 512"),
        ({"format": "prores-mov", "audio_kbps": 256}, "is not compressed"),
    ],
)
def test_other_requests_that_cannot_be_met_are_refused(options, message):
    with pytest.raises(VideoError, match=message):
        (VideoContent if "fps" in options or "frames" in options else encoding)(**options)


def test_an_interrupt_stops_within_one_span_and_leaves_a_playable_partial_file(vae, tmp_path, small_spans):
    class InterruptError(Exception):
        pass

    done = []

    def check():
        if len(done) == 4:
            raise InterruptError

    with pytest.raises(InterruptError):
        save_stream(
            latent_of(40),
            vae,
            tmp_path / "a.mp4",
            VideoContent(FPS, 300, silence(20)),
            encoding(),
            on_progress=lambda *step: done.append(step),
            check_interrupt=check,
        )
    assert len(done) == 4
    assert not (tmp_path / "a.mp4").exists()
    assert frames_in(tmp_path / "a.partial.mp4") == done[-1][0]


def test_a_full_disk_is_told_in_one_sentence_with_what_is_kept(vae, tmp_path, monkeypatch, small_spans):
    class FullDisk(IndexedFile):
        room = 60_000

        def _put(self, data):
            if not self.room:
                raise OSError(errno.ENOSPC, "No space left on device")
            taken = super()._put(data[: self.room])
            self.room -= taken
            return taken

    monkeypatch.setattr("audio_loop.video.encode.IndexedFile", FullDisk)
    with pytest.raises(VideoWriteError, match=r"the disk is full: .* the \d+ of 497 frames .*a\.partial\.mp4") as caught:
        save_stream(latent_of(63), vae, tmp_path / "a.mp4", VideoContent(FPS, 497, silence(20)), encoding())
    assert caught.value.partial == tmp_path / "a.partial.mp4"
    assert 0 < caught.value.frames_written < 497
    assert not (tmp_path / "a.mp4").exists()


def test_a_card_that_was_fuller_than_it_seemed_is_told_and_the_file_is_whole(vae, tmp_path, monkeypatch):
    measured_halo(VideoVae(vae))
    network_decode = vae.first_stage_model.decode

    def decode(samples, output_buffer=None):
        if samples.shape[2] > 30:
            raise torch.OutOfMemoryError("the device is full")
        return network_decode(samples, output_buffer=output_buffer)

    monkeypatch.setattr(vae.first_stage_model, "decode", decode)
    content = VideoContent(FPS, 313, silence(1.0))
    saved = save_stream({"samples": latent_of(40)}, vae, tmp_path / "full.mp4", content, encoding())
    assert frames_in(saved.path) == 313
    assert saved.exact
    assert saved.smaller_because.startswith("out of memory, so from frame 0 on in pieces of ")
