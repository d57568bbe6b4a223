"""The song heard before Run: which part of which file, how long, and what is said of it."""

from __future__ import annotations

import wave
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from audio_loop.audio.sound_report.sound_report import Clipping
from audio_loop.preflight import listening
from audio_loop.preflight.command import main
from audio_loop.preflight.heard_song import heard_song
from audio_loop.preflight.listening import Listened, listen_to
from audio_loop.preflight.rules.song_sound import _part
from audio_loop.workflow_graph.document import load
from audio_loop.workflow_graph.frontend.to_api import to_api
from audio_loop.workflow_graph.reading.flow import Flow
from audio_loop.workflow_graph.schemas import Schemas

from ...speech import SPEECH_HZ, sentences, spoken
from ..audio.sound_report.reports import FINE
from .conftest import DEFAULT

DULL = replace(FINE, band_levels_db=(-24.0, -22.0, -26.0, -28.0, -47.0))
NOT_FINITE = replace(FINE, not_finite=1, not_finite_at_seconds=0.5)


def hearing(report, is_whole=True):
    return lambda *_: Listened(report, is_whole)


def write_wav(path, samples, rate=SPEECH_HZ):
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.rint(np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return path


def test_a_fine_song_and_an_unknown_one_say_nothing(check):
    assert check(listen=hearing(FINE)).audit.reported == ()
    assert check(listen=lambda *_: None).audit.reported == ()
    assert check(listen=hearing(replace(FINE, hushed_fraction=0.5))).audit.reported == ()


def test_a_dull_song_is_a_warning_with_its_cure_at_its_loader(check, check_trips):
    (reported,) = check_trips(check(listen=hearing(DULL)), "song_sound", "dull: 4 - 8 kHz lies 25 dB below", severity="WARN")
    assert reported.finding.node_id == "565"
    assert "scripts/preprocess_audio_for_ltx.py" in reported.mend
    assert "--preset speech" in reported.mend
    assert reported.seen == "the mouth guesses at s, sh, f and t"


def test_each_fault_is_a_finding(check, check_trips):
    both = replace(DULL, clipping=Clipping(0.02, 0.0, is_exact=True))
    check_trips(check(listen=hearing(both)), "song_sound", "clipped: 2.0 %", "dull: ", severity="WARN")


def test_samples_that_are_no_numbers_are_an_error(check, check_trips):
    check_trips(check(listen=hearing(NOT_FINITE)), "song_sound", "no numbers: 1 sample", severity="ERR")


def test_a_part_is_said_to_be_one(check, check_trips):
    cut = heard_in(cut=node("TrimAudioDuration", audio=["song", 0], start_index=5.0, duration=20.0))
    assert song_sound_part(cut, 20.0) == " (the part that is used: 0:05.00 to 0:25.00)"
    assert song_sound_part(cut, 12.5) == " (the part that is used: 0:05.00 to 0:17.50)"
    assert song_sound_part(heard_in(), 20.0) == ""
    check_trips(check(listen=hearing(DULL, False)), "song_sound", "in a few seconds: 0:00.00 to 0:20.00", severity="WARN")


def node(kind, **inputs):
    return {"class_type": kind, "inputs": inputs}


def song_sound_part(song, seconds):
    return _part(song, Listened(replace(FINE, duration_seconds=seconds), is_whole=True))


def heard_in(**nodes):
    prompt = {"song": node("LoadAudio", audio="a.wav"), **nodes}
    prompt.setdefault("plan", node("AudioLoopPlanner", audio=["cut" if "cut" in nodes else "song", 0]))
    return heard_song(Flow(prompt, Schemas.load()))


def test_the_song_is_that_which_drives_the_encoder():
    encoder = node("AudioLoopEncodeSong", audio=["song", 0], driving_audio=["voice", 0])
    driven = heard_in(encode=encoder, voice=node("LoadAudio", audio="voice.wav"))
    assert (driven.loader.id, driven.name, driven.is_changed) == ("voice", "voice.wav", False)
    assert heard_in(encode=node("AudioLoopEncodeSong", audio=["song", 0])).name == "a.wav"
    assert heard_in().name == "a.wav"
    assert heard_in(plan=node("AudioLoopPlanner", audio=["noise", 0]), noise=node("EmptyAudio", duration=5.0)) is None


def test_the_part_is_what_trims_leave():
    def part(**nodes):
        found = heard_in(**nodes)
        return found.start_seconds, found.end_seconds

    assert part() == (0, None)
    assert part(cut=node("TrimAudioDuration", audio=["song", 0], start_index=5.0, duration=30.5)) == (5, Fraction(71, 2))
    twice = node("TrimAudioDuration", audio=["first", 0], start_index=2.0, duration=60.0)
    first = node("TrimAudioDuration", audio=["song", 0], start_index=5.0, duration=30.0)
    assert part(cut=twice, first=first) == (7, 35)
    from_its_end = node("TrimAudioDuration", audio=["song", 0], start_index=-5.0, duration=30.0)
    assert part(cut=from_its_end) == (0, None)


def test_a_sound_that_is_changed_on_the_way_is_judged_by_errors_alone(check, check_trips, default_workflow):
    prepared = heard_in(cut=node("AudioPreprocessForLTX", audio=["song", 0], preset="speech"))
    assert prepared.is_changed
    assert not heard_in(cut=node("AudioPadToPlan", audio=["song", 0])).is_changed

    def prepare(graph):
        between = graph.add("AudioPreprocessForLTX", id=4001)
        graph.connect(graph.node(565).output(), between.input("audio"))
        graph.connect(between.output(), graph.one(type="AudioLoopEncodeSong").input("driving_audio"))

    assert check(prepare, listen=hearing(DULL)).audit.reported == ()
    check_trips(check(prepare, listen=hearing(NOT_FINITE)), "song_sound", "no numbers", severity="ERR")


def test_a_file_is_heard_in_part_and_remembered_while_it_is_the_same(tmp_path, monkeypatch):
    said = spoken(sentences("en-us")[0])
    path = write_wav(tmp_path / "talk.wav", np.concatenate([np.zeros(3 * SPEECH_HZ), said]))
    whole = listen_to(path, Fraction(0), None)
    assert whole.is_whole
    assert whole.report.silence.leading_seconds == pytest.approx(3, abs=0.1)
    part = listen_to(path, Fraction(3), Fraction(5))
    assert part.report.duration_seconds == pytest.approx(2)
    assert part.report.silence.leading_seconds < 0.2
    monkeypatch.setattr(listening, "MOST_SECONDS", -1.0)
    assert listen_to(path, Fraction(0), None) is whole
    write_wav(path, np.tile(said, 3))
    hurried = listen_to(path, Fraction(0), None)
    assert not hurried.is_whole
    assert 0 < hurried.report.duration_seconds < 3 * len(said) / SPEECH_HZ


def test_what_cannot_be_heard_is_left_to_other_rules(tmp_path):
    assert listen_to(tmp_path / "gone.wav", Fraction(0), None) is None
    (tmp_path / "text.wav").write_text("no sound")
    assert listen_to(tmp_path / "text.wav", Fraction(0), None) is None
    path = write_wav(tmp_path / "short.wav", np.zeros(SPEECH_HZ))
    assert listen_to(path, Fraction(5), None) is None


def test_the_command_hears_the_file_that_it_is_given(tmp_path, capsysbinary):
    path = write_wav(tmp_path / "my song.wav", np.zeros(60 * 8000), 8000)
    assert main([str(DEFAULT), "--audio", str(path)]) == 1
    text = capsysbinary.readouterr().out.decode()
    assert "ERROR  node" in text
    assert "silent: all 60.0 s are silent: no peak reaches -60 dB  [song_sound]" in text


def test_a_song_whose_name_is_computed_is_not_known():
    prompt = to_api(load(DEFAULT))
    assert heard_song(Flow(prompt, Schemas.load())).name == "song.mp3"
    loader = next(each for each in prompt.values() if each["class_type"] == "LoadAudio")
    for name in (["444", 0], "", 3):
        loader["inputs"]["audio"] = name
        assert heard_song(Flow(prompt, Schemas.load())) is None
