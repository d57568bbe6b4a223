"""Bad input: each works, or is refused before anything is sampled, in words that say what to change."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from audio_loop.comfy_host.errors import ComfyError
from audio_loop.demo.tiny_names import CHECKPOINT_NAME

from ..shipped import ask, painted, refused, shipped, silence, video_facts, video_of, video_samples, write_picture, write_song

SAMPLERS = ("SamplerCustomAdvanced",)


@pytest.fixture(scope="module")
def picture(comfy, tmp_path_factory):
    return comfy.add_input(write_picture(tmp_path_factory.mktemp("picture") / "bad_input.png"))


@pytest.fixture
def song(comfy, tmp_path):
    """`song(seconds, rate, channels)` writes a song and gives its name."""

    def make(seconds, rate=44100, channels=1):
        return comfy.add_input(write_song(tmp_path / f"song_{seconds}_{rate}_{channels}.wav", seconds, rate, channels))

    return make


def refusal(comfy, prompt):
    """What the shipped workflow is refused with, before a sampler ran."""
    executed = []
    with pytest.raises(ComfyError) as caught:
        comfy.run(prompt, on_event=lambda event: executed.append(getattr(event, "node_id", None)))
    samplers = {node_id for node_id, node in prompt.items() if node["class_type"] in SAMPLERS}
    assert not samplers & set(executed)
    return caught.value


def whole(comfy, prompt):
    """Runs the workflow with painted frames; returns the result and the facts of its video."""
    result = comfy.run(painted(prompt), timeout=300)
    return result, video_facts(video_of(comfy, result))


@pytest.mark.parametrize(("rate", "channels"), [(44100, 1), (48000, 6), (8000, 1), (192000, 2)])
def test_odd_songs_become_videos(comfy, song, picture, rate, channels):
    result, facts = whole(comfy, shipped(song(3.0, rate, channels), picture))
    assert (facts["frames"], facts["rate"]) == (75, 25)
    assert comfy.painted_numbers(result) == list(range(75))
    assert facts["audio_seconds"] == pytest.approx(3.0, abs=0.1)
    heard = video_samples(video_of(comfy, result))
    assert np.abs(heard[:, : heard.shape[1] // 2]).max() > 0.05


@pytest.mark.parametrize(("seconds", "frames"), [(1.2, 30), (0.5, 12)])
def test_a_window_longer_than_the_song(comfy, song, picture, seconds, frames):
    result, facts = whole(comfy, shipped(song(seconds), picture))
    assert facts["frames"] == frames
    assert comfy.painted_numbers(result) == list(range(frames))


def test_a_short_song_is_refused(comfy, song, picture):
    error = refusal(comfy, shipped(song(0.3), picture))
    assert error.message.startswith("AudioLoopPlanner: the audio is 0.3 s long; the loop needs at least 0.5 s")


@pytest.mark.parametrize("class_type", ["AudioLoopPlanner", "AudioLoopController", "AudioDuration"])
def test_audio_without_samples_is_refused(comfy, class_type):
    inputs = {"audio": ["song", 0], "window_seconds": 19.88, "overlap_seconds": 2.0, "fps": 25, "current_iteration": 1}
    inputs |= {"max_iterations": 0, "schedule": "", "base_seed": 0}
    message = refused(comfy, {"song": silence(0.0), "node": {"class_type": class_type, "inputs": inputs}}, ["node", 1])
    assert message == f"{class_type}: the audio is empty (0 samples); load a song of at least 0.5 s"


def with_audio(class_type, audio):
    """A node of the pack that takes a song, with `audio` for it; a plan of five seconds is there for the one that wants it."""
    planned = {"window_seconds": 19.88, "overlap_seconds": 2.0, "fps": 25, "max_iterations": 0, "schedule": ""}
    plan = {"class_type": "AudioLoopPlanner", "inputs": planned | {"audio": ["whole", 0]}}
    own = {
        "AudioLoopPlanner": planned,
        "AudioLoopController": {**planned, "current_iteration": 1, "base_seed": 0},
        "AudioDuration": {},
        "AudioPitchDetect": {"start_seconds": 0.0, "window_seconds": 2.0, "freq_low": 85.0, "freq_high": 400.0},
        "AudioPreprocessForLTX": {"preset": "speech", "target_lufs": -16.0, "true_peak_dbtp": -2.0},
        "AudioSpectralReport": {},
        "AutoPromptSchedule": {"subject": "", "style": "none", "diversity": "1a"},
        "AudioPadToPlan": {"plan": ["plan", 5]},
        "AudioLoopEncodeSong": {"plan": ["plan", 5], "audio_vae": ["audio_vae", 0]},
    }[class_type]
    audio_vae = {"class_type": "LTXVAudioVAELoader", "inputs": {"ckpt_name": CHECKPOINT_NAME}}
    node = {"class_type": class_type, "inputs": {**own, "audio": audio}}
    return {"whole": silence(5.0), "plan": plan, "audio_vae": audio_vae, "node": node}


TAKE_A_SONG = [
    "AudioLoopPlanner",
    "AudioLoopController",
    "AudioDuration",
    "AudioPitchDetect",
    "AudioPreprocessForLTX",
    "AudioSpectralReport",
    "AutoPromptSchedule",
    "AudioPadToPlan",
    "AudioLoopEncodeSong",
]


def test_the_nodes_that_take_a_song_are_known(comfy):
    taking = {
        name
        for name, schema in comfy.client.object_info().items()
        if schema.get("python_module") == "custom_nodes.audio-loop"
        and any(spec[0] == "AUDIO" for group in schema["input"].values() for spec in group.values())
    }
    # The video's sound may be left out; a clip without sound is a video without, and the doctor never costs a render.
    assert taking == {*TAKE_A_SONG, "StreamingVideoSave", "LoopDoctor"}


@pytest.mark.parametrize("class_type", TAKE_A_SONG)
def test_a_clip_without_sound_is_refused_in_words(comfy, class_type):
    clip = {
        "frames": {"class_type": "EmptyImage", "inputs": {"width": 32, "height": 32, "batch_size": 2, "color": 0}},
        "clip": {"class_type": "CreateVideo", "inputs": {"images": ["frames", 0], "fps": 25.0}},
        "parts": {"class_type": "GetVideoComponents", "inputs": {"video": ["clip", 0]}},
    }
    message = refused(comfy, clip | with_audio(class_type, ["parts", 1]), ["node", 0])
    assert message.startswith(f"{class_type}: no sound arrives at the audio input: the clip or file that it comes from has")


def test_a_song_that_is_not_a_number_somewhere_is_refused_before_sampling(comfy, picture, tmp_path):
    samples = np.zeros(3 * 44100, dtype=np.float32)
    samples[int(1.25 * 44100)] = np.nan
    path = tmp_path / "not_a_number.wav"
    header = b"RIFF" + (36 + samples.nbytes).to_bytes(4, "little") + b"WAVEfmt " + (16).to_bytes(4, "little")
    header += (3).to_bytes(2, "little") + (1).to_bytes(2, "little") + (44100).to_bytes(4, "little")
    header += (4 * 44100).to_bytes(4, "little") + (4).to_bytes(2, "little") + (32).to_bytes(2, "little")
    path.write_bytes(header + b"data" + samples.nbytes.to_bytes(4, "little") + samples.tobytes())
    error = refusal(comfy, shipped(comfy.add_input(path), picture))
    assert error.message.startswith("AudioLoopPlanner: the song is not a number at 0:01.25 (sample 55125 is nan)")


@pytest.mark.parametrize("frames", [9, 200])
def test_of_an_animated_picture_one_is_used(comfy, song, tmp_path, frames):
    """The same windows as from its first frame alone: not a clip to start from, and no guide of two latents."""
    colours = [(40 + k, 80, 160 - k // 2) for k in range(frames)]
    pictures = [Image.new("RGB", (64, 64), colour) for colour in colours]
    pictures[0].save(tmp_path / f"animation_{frames}.webp", save_all=True, append_images=pictures[1:], lossless=True)
    pictures[0].save(tmp_path / f"still_{frames}.png")
    shapes = []
    for name in (f"animation_{frames}.webp", f"still_{frames}.png"):
        prompt = shipped(song(2.4), comfy.add_input(tmp_path / name), width=64, height=64)
        log = f"{name}.jsonl"
        whole(comfy, comfy.with_counting_sampler(prompt, log))
        shapes.append([run["latent_shapes"] for run in comfy.sampler_runs(log)])
    assert shapes[0] == shapes[1]
    assert shapes[0]


def test_a_prompt_without_times_is_one_prompt_for_the_whole_song(comfy):
    assert prompts(comfy, "she sings on a stage,\nsoft light") == ("she sings on a stage, soft light",) * 2


@pytest.mark.parametrize(
    ("snap_to", "overlap", "taken"), [("visible", 1.96, "b"), ("window_start", 1.96, "a"), (None, 0.0, "a")]
)
def test_a_schedule_is_snapped_by_what_is_seen_where_the_overlap_is_known(comfy, snap_to, overlap, taken):
    inputs = {"current_iteration": 2, "stride_seconds": 17.92, "schedule": "0:00: a\n0:45: b", "blend_seconds": 0.0}
    inputs |= {"snap_boundaries": True, "overlap_seconds": overlap} | ({"snap_to": snap_to} if snap_to else {})
    node = {"k": {"class_type": "TimestampPromptSchedule", "inputs": inputs}}
    said = ask(comfy, node, {"prompt": ["k", 0], "report": ["k", 4]})
    assert said["prompt"] == taken
    assert ("the overlap is not known here" in said["report"]) == (overlap == 0.0)


def test_a_file_without_samples_stops_at_its_loader(comfy, song, picture):
    error = refusal(comfy, shipped(song(0.0), picture))
    assert error.node_type == "LoadAudio"


def test_a_trim_behind_the_end_stops_at_the_trim(comfy, song, picture):
    error = refusal(comfy, shipped(song(3.0), picture, n567_start_index=5.0))
    assert error.node_type == "TrimAudioDuration"
    assert "within the audio length" in error.message


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"overlap": 1.96},
            "overlap_seconds is 1.96, which leaves nothing new in a window of 1.96 s; "
            "the largest overlap that works with this window is 0.68 s",
        ),
        ({"overlap": 5.0}, "overlap_seconds is 5.0, which leaves nothing new"),
        (
            {"overlap": 1.0},
            "overlap_seconds is 1.0, which is 4 latents, but each window adds only 3, and the next one takes its "
            "context from those; the largest overlap that works with this window is 0.68 s",
        ),
        ({"overlap": 0.0}, "overlap_seconds is 0.0; a window must share at least 1 latent"),
        ({"window": 0.1, "overlap": 0.04}, "window_seconds is 0.1, which is 3 frames at 25 fps; a window has at least 9"),
        ({"n526_value": 0.0}, "fps is 0.0; a frame rate is above 0"),
        ({"n526_value": -25.0}, "fps is -25.0; a frame rate is above 0"),
    ],
)
def test_settings_that_no_plan_can_be_made_of(comfy, song, picture, settings, message):
    error = refusal(comfy, shipped(song(3.0), picture, **settings))
    assert error.message.startswith(f"AudioLoopPlanner: {message}")


@pytest.mark.parametrize(("overlap", "seconds", "iterations"), [(1.64, 2.2, "1"), (0.68, 3.0, "1"), (0.68, 4.0, "2")])
def test_the_overlap_that_a_message_offers_works(comfy, overlap, seconds, iterations):
    inputs = {"audio": ["song", 0], "window_seconds": 1.96, "overlap_seconds": overlap, "fps": 25}
    plan = {"class_type": "AudioLoopPlanner", "inputs": inputs | {"max_iterations": 0, "schedule": ""}}
    assert ask(comfy, {"song": silence(seconds), "plan": plan}, {"total": ["plan", 1]}) == {"total": iterations}


@pytest.mark.parametrize(("width", "height", "words"), [(100, 64, "width 100"), (128, 70, "height 70")])
def test_a_size_off_the_grid_is_refused(comfy, song, picture, width, height, words):
    error = refusal(comfy, shipped(song(3.0), picture, width=width, height=height))
    assert error.message.startswith(f"AudioLoopVideoSize: {words} is not a multiple of 32; use ")


@pytest.mark.parametrize("schedule", ["", "  \n\n", "# only a note\n"])
def test_an_empty_schedule_is_refused(comfy, song, picture, schedule):
    error = refusal(comfy, shipped(song(3.0), picture, n1559_schedule=schedule))
    assert error.message.startswith(("TimestampPromptScheduleBatchEncode: ", "AudioLoopPlanner: "))
    assert "is empty; write at least one line" in error.message


def prompts(comfy, schedule):
    """What windows 1 and 5 take at a stride of 17.92 s."""
    nodes = {
        f"k{k}": {
            "class_type": "TimestampPromptSchedule",
            "inputs": {
                "current_iteration": k,
                "stride_seconds": 17.92,
                "schedule": schedule,
                "blend_seconds": 0.0,
                "snap_boundaries": True,
            },
        }
        for k in (1, 5)
    }
    said = ask(comfy, nodes, {name: [name, 0] for name in nodes})
    return said["k1"], said["k5"]


@pytest.mark.parametrize(
    ("schedule", "first", "later"),
    [
        ("0:00-1:15: she sings\r\n1:15+: she dances\r\n", "she sings", "she dances"),
        ("\ufeff0:00-1:15: she sings\n1:15+: she dances", "she sings", "she dances"),
        ("\ufeff0:00-1:15: she sings\r1:15+: she dances", "she sings", "she dances"),
        ("0：00－1：15： she sings\n１：１５＋：她跳舞：慢", "she sings", "她跳舞：慢"),
        ("0:00: Style: tall: she sings\n1:15: at 3:00 pm: she dances", "Style: tall: she sings", "at 3:00 pm: she dances"),
        ("0:00: she sings\n  on a stage: alone\n1:15: she dances", "she sings on a stage: alone", "she dances"),
    ],
)
def test_schedules_as_people_paste_them(comfy, schedule, first, later):
    assert prompts(comfy, schedule) == (first, later)


def test_a_pasted_schedule_makes_a_whole_video(comfy, song, picture):
    schedule = "\ufeff0：00-0:02： Style: cinematic: 她唱歌\r\n0:02+: she dances: slowly\r\n"
    _, facts = whole(comfy, shipped(song(3.0), picture, n1559_schedule=schedule))
    assert facts["frames"] == 75


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"locked": "two"}, "'two' is no number of a window; write numbers and ranges such as '3, 5-7'"),
        ({"takes": "0: 1, 0: 2"}, "window 0 is given two takes; keep one"),
        ({"takes": "0: 5"}, "take 5 of window 0 is asked for, but there are 0"),
    ],
)
def test_choices_that_a_checkpoint_cannot_follow(comfy, song, picture, choice, message):
    prompt = shipped(song(3.0), picture, n2204_value="choices")
    prompt["2201"]["inputs"].update(choice)
    error = refusal(comfy, prompt)
    assert error.message.startswith("IterationCheckpoint: ")
    assert message in error.message


def test_a_run_that_is_not_there(comfy):
    node = {"class_type": "LoadLoopCheckpoint", "inputs": {"run_name": "never rendered", "first": 0, "last": -1}}
    message = refused(comfy, {"load": node}, ["load", 4])
    assert message.startswith("LoadLoopCheckpoint: the run never rendered has no plan")


def test_a_run_name_stays_inside_its_folder(comfy, song, picture):
    before = {path for path in comfy.server.base.rglob("*") if path.is_dir() and "elsewhere" in path.name}
    whole(comfy, shipped(song(1.0), picture, n2204_value="../../elsewhere"))
    made = {path for path in comfy.server.base.rglob("*") if path.is_dir() and "elsewhere" in path.name} - before
    assert [path.parent for path in made] == [comfy.output_folder / "audio_loop"]
