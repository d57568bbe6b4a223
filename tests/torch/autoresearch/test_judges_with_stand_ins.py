"""Judges whose packages are not installed here, on stand-ins for them: what they are given, and what becomes of it."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import av
import numpy as np
import pytest
import torch

from audio_loop.autoresearch.judge.exhibit import Exhibit
from audio_loop.autoresearch.judge.extras import av_consistency, lip_sync_confidence, perceived_cuts, subject_consistency
from audio_loop.autoresearch.judge.frames import frames_at, frames_of
from audio_loop.loop_control.plan import make_plan

FPS, FRAMES, RATE, SIDE_PX = 25, 100, 16_000, 32
SONG = {"audio_samples": 4 * 44_100, "sample_rate": 44_100, "overlap_seconds": "1", "fps": str(FPS)}
PLAN = make_plan(window_seconds="2.28", **SONG)
CUTS = [window.new_start_px for window in PLAN.windows[1:]]


def write_video(path, sound_seconds=None):
    """Four seconds that grow brighter from frame to frame, with sound of a length or none."""
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", FPS, options={"preset": "ultrafast", "qp": "0"})
        video.width = video.height = SIDE_PX
        audio = None if sound_seconds is None else container.add_stream("pcm_s16le", 44_100, layout="mono")
        for number in range(FRAMES):
            grey = np.full((SIDE_PX, SIDE_PX, 3), 2 * number + 20, np.uint8)
            container.mux(video.encode(av.VideoFrame.from_ndarray(grey, format="rgb24")))
        container.mux(video.encode(None))
        if audio is not None:
            samples = np.full((1, int(44_100 * sound_seconds)), 8192, np.int16)
            frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
            frame.sample_rate = 44_100
            container.mux([*audio.encode(frame), *audio.encode(None)])
    return path


@pytest.fixture(scope="module")
def videos(tmp_path_factory):
    """One with two seconds of sound, and a silent one."""
    folder = tmp_path_factory.mktemp("videos")
    return SimpleNamespace(
        sounding=write_video(folder / "sounding.mkv", 2), silent=write_video(folder / "silent.mkv"), folder=folder
    )


@pytest.fixture
def stand_in(monkeypatch):
    """Puts a module in the place of a package, and lets the judge find nothing missing."""

    def put(judge, name, **members):
        module = ModuleType(name)
        vars(module).update(members)
        monkeypatch.setitem(sys.modules, name, module)
        monkeypatch.setattr(judge, "lacking", lambda *_names: [])

    return put


class SoundProcessor:
    """The one for sound, which has a rate of its own."""

    sampling_rate = RATE

    def __init__(self, given):
        self.given = given

    def __call__(self, sound, sampling_rate, return_tensors):
        self.given["sound"], self.given["rate"] = sound, sampling_rate
        return {"input_values": torch.from_numpy(sound)}


class Processor:
    """The three processors of PE-AV: they hand on what they are given."""

    def __init__(self):
        self.given = {}
        self.feature_extractor = SoundProcessor(self.given)

    def video_processor(self, videos, return_tensors):
        self.given["video"] = videos[0]
        return {"pixel_values_videos": videos[0]}

    def tokenizer(self, texts, **_options):
        self.given["words"] = texts
        return {"input_ids": torch.tensor([[3]]), "attention_mask": torch.tensor([[1]])}


class Model:
    """A PE-AV whose embeddings are at a right angle but for their first number."""

    def eval(self):
        return self

    def get_audio_video_embeds(self, _sound, _pictures):
        return SimpleNamespace(audio_video_embeds=torch.tensor([[3.0, 4.0]]))

    def get_text_audio_video_embeds(self, _ids, _mask):
        return torch.tensor([[1.0, 0.0]])


@pytest.fixture
def pe_av(stand_in, monkeypatch, tmp_path):
    """Its processor, once the judge has asked for it."""
    processor = Processor()
    loaded = []

    def load(what):
        return SimpleNamespace(
            from_pretrained=lambda folder, local_files_only: loaded.append((folder, local_files_only)) or what
        )

    stand_in(av_consistency, "transformers", AutoProcessor=load(processor), PeAudioVideoModel=load(Model()))
    (tmp_path / "config.json").touch()
    monkeypatch.setenv("PE_AV_MODEL", str(tmp_path))
    yield processor
    assert set(loaded) <= {(tmp_path, True)}, "nothing is downloaded"


def test_picture_and_sound_are_held_against_the_words(pe_av, videos, monkeypatch):
    monkeypatch.setattr(av_consistency, "MOST_SECONDS", 1.5)
    told = av_consistency.measure(Exhibit(videos.sounding, schedule="0:00+: a woman sings\n"))
    assert told == {"av_text_sim": pytest.approx(0.6), "av_consistency_status": "ok"}
    assert pe_av.given["words"] == ["a woman sings"]
    assert (pe_av.given["rate"], pe_av.given["sound"].shape) == (RATE, (24_000,))
    assert pe_av.given["sound"][100:-100] == pytest.approx(0.25, abs=0.01)
    pictures = pe_av.given["video"]
    assert pictures.shape == (16, 3, SIDE_PX, SIDE_PX)
    levels = pictures.float().mean(dim=(1, 2, 3))
    assert (levels.diff() >= 0).all(), "in order"
    assert levels[-1] - levels[0] > 150, "over all of the video"


@pytest.mark.usefixtures("pe_av")
@pytest.mark.parametrize("schedule", [None, "9:99+: x"])
def test_without_words_there_is_nothing_to_hold_a_video_against(videos, schedule):
    told = av_consistency.measure(Exhibit(videos.sounding, schedule=schedule))
    assert told == {"av_text_sim": None, "av_consistency_status": "not_measured: the schedule has no words"}


@pytest.mark.usefixtures("pe_av")
def test_a_silent_video_is_not_measured(videos):
    told = av_consistency.measure(Exhibit(videos.silent, schedule="0:00+: a woman sings\n"))
    assert told == {"av_text_sim": None, "av_consistency_status": "not_measured: the video has no sound"}


def test_all_of_a_short_sound_is_listened_to(videos):
    assert len(av_consistency.sound_of(Exhibit(videos.sounding), RATE)) == pytest.approx(2 * RATE, abs=RATE // 20)


def distances(trunk, loaded):
    """A stand-in for LPIPS: the difference of the mean brightness of two pictures in [0, 1]."""

    class Lpips(torch.nn.Module):
        def __init__(self, net, pnet_rand, verbose):
            super().__init__()
            assert (net, pnet_rand, verbose) == ("alex", True, False), "the trunk would be downloaded"
            self.net = torch.nn.Sequential(torch.nn.Sequential(torch.nn.Linear(1, 1, bias=False)))

        def forward(self, before, after, normalize):
            assert normalize
            assert before.shape == (1, 3, SIDE_PX, SIDE_PX)
            loaded.append(float(self.net[0][0].weight))
            return (after - before).mean().abs()

    torch.save({"features.0.weight": torch.tensor([[7.0]]), "classifier.1.weight": torch.zeros(2)}, trunk)
    return Lpips


def test_the_frames_beside_each_cut_are_compared(stand_in, videos, monkeypatch, tmp_path):
    loaded = []
    monkeypatch.setenv("ALEXNET_WEIGHTS", str(tmp_path / "trunk.pth"))
    stand_in(perceived_cuts, "lpips", LPIPS=distances(tmp_path / "trunk.pth", loaded))
    told = perceived_cuts.measure(Exhibit(videos.silent, PLAN))
    inside = [cut for cut in CUTS if cut < FRAMES]
    assert told == {"lpips_at_cuts": pytest.approx(2 / 255, abs=0.5 / 255), "lpips_status": "ok"}
    assert loaded == [7.0] * len(inside), "the features of the trunk's file, and one comparison a cut"
    assert inside


@pytest.mark.parametrize("plan", [None, make_plan(window_seconds="9", **SONG)])
def test_without_a_join_there_is_nothing_to_compare(stand_in, videos, monkeypatch, tmp_path, plan):
    monkeypatch.setenv("ALEXNET_WEIGHTS", str(tmp_path / "trunk.pth"))
    (tmp_path / "trunk.pth").touch()
    stand_in(perceived_cuts, "lpips")
    told = perceived_cuts.measure(Exhibit(videos.silent, plan))
    assert told == {"lpips_at_cuts": None, "lpips_status": "not_measured: the video has no join, or its plan is not known"}


@pytest.fixture
def syncnet(stand_in, monkeypatch, tmp_path):
    """Sets the answer of a SyncNet; gives what it was made with and asked."""
    for variable in ("SYNCNET_WEIGHTS", "S3FD_WEIGHTS"):
        (tmp_path / variable).touch()
        monkeypatch.setenv(variable, str(tmp_path / variable))
    asked = []

    def answer(offsets, confidences, has_face):
        class Pipeline:
            def __init__(self, settings, device):
                asked.append(settings)

            def inference(self, video, cache_dir):
                asked.append(video)
                assert Path(cache_dir).is_dir()
                return offsets, confidences, None, None, None, None, has_face

        stand_in(lip_sync_confidence, "syncnet_python", SyncNetPipeline=Pipeline)
        return asked

    return answer


def test_the_face_whose_mouth_fits_best_is_told(syncnet, tmp_path):
    asked = syncnet([4, -1, 9], [2.5, 6.5, 1.0], True)
    told = lip_sync_confidence.measure(Exhibit(Path("video.mp4")))
    assert told == {"syncnet_confidence": 6.5, "syncnet_offset_frames": -1, "syncnet_status": "ok"}
    weights = {"syncnet_weights": str(tmp_path / "SYNCNET_WEIGHTS"), "s3fd_weights": str(tmp_path / "S3FD_WEIGHTS")}
    assert asked == [weights, "video.mp4"]


@pytest.mark.parametrize(("confidences", "has_face"), [([], True), ([3.0], False)])
def test_without_a_face_there_is_no_confidence(syncnet, confidences, has_face):
    syncnet([0] * len(confidences), confidences, has_face)
    told = lip_sync_confidence.measure(Exhibit(Path("video.mp4")))
    assert told["syncnet_status"] == "not_measured: no face was followed long enough"
    assert (told["syncnet_confidence"], told["syncnet_offset_frames"]) == (None, None)


def test_without_the_first_picture_its_likeness_is_not_measured(monkeypatch, tmp_path):
    monkeypatch.setattr(subject_consistency, "embedding_model", lambda: tmp_path)
    told = subject_consistency.measure(Exhibit(Path("video.mp4")))
    assert told["subject_consistency_status"] == "not_measured: the picture that the video began with is not known"
    assert (told["mean_to_anchor"], told["min_to_anchor"]) == (None, None)


def brightness(picture):
    return round((float(picture.mean()) - 20) / 2)


def test_frames_are_taken_at_equal_distances_and_never_too_many(videos):
    assert [brightness(each) for each in frames_of(videos.silent, 5.0, 50)] == pytest.approx(range(0, 100, 5), abs=1)
    few = [brightness(each) for each in frames_of(videos.silent, 25.0, 10)]
    assert len(few) <= 10
    steps = np.diff(few)
    assert steps.max() < 1.5 * steps.min()
    assert few[-1] > 80, "from all of the video"


def test_frames_by_number_leave_out_those_past_the_end(videos):
    found = frames_at(videos.silent, {0, 70, 99, 100})
    assert {number: brightness(picture) for number, picture in found.items()} == {
        0: pytest.approx(0, abs=1),
        70: pytest.approx(70, abs=1),
        99: pytest.approx(99, abs=1),
    }
