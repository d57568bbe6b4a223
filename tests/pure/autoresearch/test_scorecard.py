"""The scorecard: what stands in it of a judged video, and how it says that a number is not there."""

from __future__ import annotations

import json
import runpy
import sys
import wave
from pathlib import Path
from types import SimpleNamespace

import pytest

from audio_loop import autoresearch
from audio_loop.autoresearch.judge import scorecard
from audio_loop.autoresearch.judge.exhibit import Exhibit
from audio_loop.autoresearch.judge.sage_summary import sage_summary
from audio_loop.autoresearch.silence import silence_like
from audio_loop.doctor.examine import Examination
from audio_loop.doctor.seen import Figure, Symptom
from audio_loop.loop_control.plan import make_plan

PLAN = make_plan(audio_samples=10 * 44_100, sample_rate=44_100, window_seconds="5", overlap_seconds="1", fps="25")
NOTHING_KNOWN = Exhibit(Path("video.mp4"))


def figure(name, value, not_measured=""):
    return Figure(name, value, "", None, "", "", not_measured)


def symptom(kind, strength):
    return Symptom(kind, strength, "", (), ())


@pytest.fixture
def scored(monkeypatch):
    """The scorecard of a video in which these things were seen."""

    def build(*seen, exhibit=NOTHING_KNOWN, **extras):
        figures = tuple(each for each in seen if isinstance(each, Figure))
        symptoms = tuple(each for each in seen if isinstance(each, Symptom))
        monkeypatch.setattr(scorecard, "watch", lambda _path: SimpleNamespace(frames=range(250), damage="cut off"))
        monkeypatch.setattr(scorecard, "examine", lambda _case: Examination(figures, symptoms, ()))
        monkeypatch.setattr(scorecard, "all_extras", lambda: extras)
        return scorecard.score(exhibit)

    return build


def test_every_figure_has_a_status(scored):
    metrics = scored(figure("cut_visibility", 0.0), figure("lip_lag", None, "no face was found"))
    assert (metrics["cut_visibility"], metrics["cut_visibility_status"]) == (0.0, "ok")
    assert (metrics["lip_lag"], metrics["lip_lag_status"]) == (None, "not_measured: no face was found")
    assert (metrics["frames"], metrics["frames_status"], metrics["damage"]) == (250, "ok", "cut off")


def test_the_strongest_symptom_is_the_primary_metric(scored):
    metrics = scored(symptom("zoom_creep", 1.5), symptom("visible_cut", 3.0), symptom("visible_cut", 1.1))
    assert (metrics["visible_cut_strength"], metrics["zoom_creep_strength"]) == (3.0, 1.5)
    assert (metrics[scorecard.PRIMARY_METRIC], metrics[f"{scorecard.PRIMARY_METRIC}_status"]) == (3.0, "ok")
    assert metrics["symptoms"] == ["zoom_creep", "visible_cut", "visible_cut"]
    assert scored()[scorecard.PRIMARY_METRIC] == 0.0


@pytest.mark.parametrize(("seconds", "plan"), [(None, PLAN), (60.0, None)])
def test_without_the_time_or_the_plan_there_is_no_time_of_a_window(scored, seconds, plan):
    metrics = scored(exhibit=Exhibit(Path("video.mp4"), plan=plan, seconds=seconds))
    assert metrics["seconds_per_window"] is None
    assert metrics["seconds_per_window_status"].startswith("not_measured: the time of the render or its plan")


def test_the_time_of_a_render_is_shared_by_its_windows(scored):
    metrics = scored(exhibit=Exhibit(Path("video.mp4"), plan=PLAN, seconds=60.0))
    assert metrics["seconds_per_window"] == pytest.approx(60.0 / len(PLAN.windows))
    assert metrics["seconds_per_window_status"] == "ok"


def test_judges_with_models_see_the_exhibit(scored):
    exhibit = Exhibit(Path("video.mp4"), attention=b'{"kernel": "sage", "microseconds": 1}\n')
    metrics = scored(exhibit=exhibit, likeness=lambda shown: {"likeness": shown is exhibit})
    assert metrics["likeness"] is True
    assert metrics["sage_summary"] == {"sage": {"calls": 1, "share": 1.0}}


def lines(*rows):
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def test_kernels_are_counted_with_their_share_of_the_time():
    rows = [{"kernel": kernel, "microseconds": us} for kernel, us in (("sage", 30), ("comfy", 60), ("sage", 10))]
    assert sage_summary(lines(*rows)) == {
        "sage_summary": {"comfy": {"calls": 1, "share": 0.6}, "sage": {"calls": 2, "share": 0.4}},
        "sage_summary_status": "ok",
    }


@pytest.mark.parametrize("attention", [None, b""])
def test_without_a_trace_the_kernels_are_not_told(attention):
    told = sage_summary(attention)
    assert told["sage_summary"] is None
    assert told["sage_summary_status"].startswith("not_measured: no attention trace")


def test_a_last_line_that_was_cut_off_is_left_out_and_one_before_is_named():
    whole = lines({"kernel": "sage", "microseconds": 5})
    assert sage_summary(whole + b'{"kernel": "com')["sage_summary"] == {"sage": {"calls": 1, "share": 1.0}}
    for damaged in (b'{"kernel": "com\n', b'{"kernel": "comfy"}\n', b"[]\n"):
        told = sage_summary(whole + damaged + whole)
        assert told["sage_summary"] is None
        assert told["sage_summary_status"].startswith("not_measured: line 2 of the attention trace is damaged (")


def test_calls_that_took_no_time_have_no_share():
    assert sage_summary(lines({"kernel": "sage", "microseconds": 0}))["sage_summary"] == {"sage": {"calls": 1, "share": 0.0}}


def test_silence_is_as_long_as_its_song_in_whole_blocks_and_a_rest(tmp_path, monkeypatch):
    monkeypatch.setattr("audio_loop.autoresearch.silence._SAMPLES_A_BLOCK", 300)
    song = tmp_path / "song.wav"
    with wave.open(str(song), "wb") as file:
        file.setparams((2, 2, 8000, 0, "NONE", ""))
        file.writeframes(b"\x01\x02" * 2 * 1000)
    silent = silence_like(song, tmp_path)
    assert silent == tmp_path / "silence of song.wav"
    with wave.open(str(silent)) as file:
        assert (file.getnchannels(), file.getframerate(), file.getnframes()) == (2, 8000, 1000)
        assert set(file.readframes(1000)) == {0}


def test_the_harness_is_started_as_a_module_and_only_then(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["autoresearch", "report", "--help"])
    runpy.run_module(f"{autoresearch.__name__}.__main__", run_name="imported")
    assert capsys.readouterr().out == ""
    with pytest.raises(SystemExit) as ended:
        runpy.run_module(autoresearch.__name__, run_name="__main__")
    assert ended.value.code == 0
    assert "usage: " in capsys.readouterr().out
