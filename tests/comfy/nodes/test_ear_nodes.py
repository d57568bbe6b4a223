"""The nodes that listen, on a real server: what is prepared, reported, detected and written."""

from __future__ import annotations

from audio_loop.audio.preparing.presets import PRESETS
from audio_loop.demo.tiny_names import CHECKPOINT_NAME, TEXT_ENCODER_NAME

from ..shipped import ask, silence


def test_a_prepared_song_keeps_rate_and_length_and_says_what_it_is(comfy):
    inputs = {"audio": ["song", 0], "preset": "add-room-tone", "target_lufs": -16.0, "true_peak_dbtp": -2.0}
    nodes = {
        "song": silence(2.5, 44100),
        "prepared": {"class_type": "AudioPreprocessForLTX", "inputs": inputs},
        "long": {"class_type": "AudioDuration", "inputs": {"audio": ["prepared", 0]}},
    }
    said = ask(comfy, nodes, {"samples": ["long", 1], "rate": ["long", 2], "report": ["prepared", 1]})
    assert (said["samples"], said["rate"]) == ("110250", "44100")
    assert said["report"].startswith("the song: 0:02.50, 44100 Hz, 1 channel\npreset add-room-tone: high-pass 80 Hz")
    assert "It is silent" in said["report"]


def test_the_presets_of_the_node_are_those_that_there_are(comfy):
    (_, preset) = comfy.client.object_info("AudioPreprocessForLTX")["AudioPreprocessForLTX"]["input"]["required"]["preset"]
    assert preset["options"] == list(PRESETS)


def test_a_song_without_a_voice_has_none(comfy):
    inputs = {"start_seconds": 1.0, "window_seconds": 2.0, "freq_low": 85.0, "freq_high": 400.0}
    nodes = {
        "song": silence(5.0, 44100),
        "voice": {"class_type": "AudioPitchDetect", "inputs": inputs | {"audio": ["song", 0]}},
    }
    wanted = {"hz": 0, "vocals": 1, "male": 2, "female": 3, "fraction": 4, "report": 8}
    said = ask(comfy, nodes, {name: ["voice", index] for name, index in wanted.items()})
    assert said == {
        "hz": "0.0",
        "vocals": "False",
        "male": "False",
        "female": "False",
        "fraction": "0.0",
        "report": "0:01.00 to 0:03.00: no voice. No pitch of a voice.",
    }


def test_a_silent_song_is_reported_silent(comfy):
    nodes = {"song": silence(2.5, 44100), "sound": {"class_type": "AudioSpectralReport", "inputs": {"audio": ["song", 0]}}}
    nodes["size"] = {"class_type": "GetImageSize", "inputs": {"image": ["sound", 1]}}
    wanted = {"report": 0, "fine": 2, "gap": 3, "snr": 4, "clipped": 5, "lufs": 6, "peak": 7}
    said = ask(comfy, nodes, {name: ["sound", index] for name, index in wanted.items()} | {"wide": ["size", 0]})
    assert said.pop("report").startswith("Sound: silent\n\nERROR  silent: all 2.5 s are silent: no peak reaches -60 dB")
    assert said == {
        "fine": "False",
        "gap": "0.0",
        "snr": "120.0",
        "clipped": "0.0",
        "lufs": "-120.0",
        "peak": "-120.0",
        "wide": "1024",
    }


def test_a_schedule_is_written_from_a_song_and_encoded(comfy):
    files = {"text_encoder": TEXT_ENCODER_NAME, "ckpt_name": CHECKPOINT_NAME, "device": "default"}
    song = {"song": silence(32.0, 16000), "text": {"class_type": "DemoTinyTextEncoderLoader", "inputs": files}}
    plan = {"window_seconds": 19.88, "overlap_seconds": 2.0, "fps": 25, "max_iterations": 0, "schedule": ""}
    plan = {"class_type": "AudioLoopPlanner", "inputs": plan | {"audio": ["song", 0]}}
    wishes = {"audio": ["song", 0], "subject": "A man in grey", "style": "painterly", "diversity": "1a", "plan": ["plan", 5]}
    encode = {"clip": ["text", 0], "schedule": ["write", 0], "plan": ["plan", 5], "snap_boundaries": True}
    encode |= {"stride_seconds": ["plan", 2], "audio_duration": ["plan", 3], "frame_rate": 25.0}
    nodes = song | {
        "plan": plan,
        "write": {"class_type": "AutoPromptSchedule", "inputs": wishes},
        "encode": {"class_type": "TimestampPromptScheduleBatchEncode", "inputs": encode},
    }
    said = ask(comfy, nodes, {"text": ["write", 0], "first": ["write", 1], "report": ["write", 3], "count": ["encode", 1]})
    first, last = said["text"].split("\n")
    assert first == f"0:00.00-0:19.88: {said['first']}"
    assert said["first"].startswith("Style: painterly. A man in grey is ")
    assert last.startswith("0:19.88+: Style: painterly. A man in grey is ")
    assert "No voice is heard" in said["report"]
    assert said["count"] == "2"
