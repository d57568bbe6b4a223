"""Song, picture, plan and schedule of a saved video, out of the shipped graphs."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from audio_loop.comfy_host.environment import REPOSITORY
from audio_loop.doctor.graph_of_video import GraphOfVideo, SongInGraph
from audio_loop.loop_control.audio_facts import AudioFacts
from audio_loop.workflow_graph.reading.flow import Flow
from audio_loop.workflow_graph.schemas import Schemas

SONG = AudioFacts(1, 2, 185 * 44100, 44100)


def shipped(name):
    return json.loads((REPOSITORY / "example_workflows" / "api" / f"{name}.json").read_text("utf-8"))


def graph(prompt, saver="1604"):
    flow = Flow(prompt, Schemas.load())
    return GraphOfVideo(flow, flow.nodes[saver])


def test_of_two_stages_each_video_has_the_plan_of_its_own_windows():
    prompt = shipped("audio-loop-music-video")
    draft, finished = graph(prompt, "1604"), graph(prompt, "2504")
    assert (float(draft.plan(SONG).window), float(finished.plan(SONG).window)) == (19.88, 7.72)
    assert finished.plan(SONG).order == "anchors first"
    for each in (draft, finished):
        assert (each.song().name, each.picture()) == ("song.mp3", "example.png")
        assert each.schedule() == prompt["1559"]["inputs"]["schedule"]


def test_the_song_as_it_is_cut():
    prompt = shipped("audio-loop-music-video_latent")
    assert graph(prompt).song().start_seconds == 0
    prompt["567"]["inputs"].update(start_index=12.5, duration=60.0)
    assert graph(prompt).song() == SongInGraph("song.mp3", Fraction(25, 2), Fraction(60))
    assert float(graph(prompt).plan(SONG).duration) == 60.0


@pytest.mark.parametrize(
    "change",
    [
        {"567": {"class_type": "TrimAudioDuration", "inputs": {"audio": ["565", 0], "start_index": -3.0, "duration": 9.0}}},
        {"567": {"class_type": "SomeOtherSound", "inputs": {}}},
        {"565": {"class_type": "LoadAudio", "inputs": {"audio": ["1", 0]}}},
    ],
    ids=["cut from behind", "made by another node", "a name that is computed"],
)
def test_a_song_that_the_graph_does_not_name_is_not_guessed(change):
    assert graph(shipped("audio-loop-music-video_latent") | change).song() is None


def test_of_several_pictures_none_is_the_picture():
    assert graph(shipped("audio-loop-music-video_latent_keyframe")).picture() == ""


def test_a_run_from_disk_has_no_plan_in_the_graph():
    assert graph(shipped("audio-loop_finish-from-checkpoint")).plan(SONG) is None


def test_cuts_that_feed_each_other_end_nowhere():
    ring = {
        name: {"class_type": "TrimAudioDuration", "inputs": {"audio": [other, 0], "start_index": 0.0, "duration": ["1", 0]}}
        for name, other in (("567", "568"), ("568", "567"))
    }
    assert graph(shipped("audio-loop-music-video_latent") | ring).song() is None
