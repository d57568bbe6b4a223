from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from audio_loop.farm.graph import GraphRefusedError, for_song, read_graph
from audio_loop.farm.songs import FarmSong

SONG = FarmSong(Path("a.wav"), Path("a.png"), "0:00 she sings", "a farm 12345678")


def prompt() -> dict[str, Any]:
    """A draft, a stage behind it that needs no order, and a video of each."""

    def node(class_type: str, **inputs: Any) -> dict[str, Any]:
        return {"class_type": class_type, "inputs": inputs}

    return {
        "444": node("LoadImage", image="x.png"),
        "565": node("LoadAudio", audio="x.wav"),
        "1559": node("AudioLoopPrompts", schedule="0:00 x"),
        "1": node("AudioLoopPlanner", audio=["565", 0], order="in turn"),
        "2": node("AudioLoopPlanner", audio=["565", 0], order="anchors first", windows=""),
        "2204": node("PrimitiveString", value=""),
        "10": node("IterationCheckpoint", run_name=["2204", 0], enabled=False),
        "11": node("IterationCheckpoint", run_name=["2204", 0]),
        "20": node("TensorLoopOpen", iterations_in=["1", 1]),
        "21": node("TensorLoopClose", flow_control=["20", 0]),
        "22": node("TensorLoopOpen", iterations_in=["2", 6]),
        "23": node("TensorLoopClose", flow_control=["22", 0]),
        "30": node("AudioLoopStages", stage="draft", draft=["21", 0], finished=["23", 0]),
        "40": node("StreamingVideoSave", latent=["30", 0]),
        "41": node("StreamingVideoSave", latent=["30", 1]),
    }


def asked(job: dict[str, Any]) -> list[Any]:
    """The links that the job's own output nodes ask for."""
    return [node["inputs"]["source"] for node in job.values() if node["class_type"] == "PreviewAny"]


def savers(job: dict[str, Any]) -> int:
    return sum(node["class_type"] == "StreamingVideoSave" for node in job.values())


def test_the_draft_asks_for_its_latents_and_saves_no_video() -> None:
    job = read_graph(prompt()).draft()
    assert job is not None
    assert job["30"]["inputs"]["stage"] == "draft"
    assert asked(job) == [["21", 0]]
    assert savers(job) == 0


def test_a_draft_and_a_finish_with_a_switch_each_are_led_by_the_first() -> None:
    two = prompt()
    two["31"] = {"class_type": "AudioLoopStages", "inputs": {"stage": ["30", 2], "finished": ["23", 0]}}
    two["30"]["inputs"].pop("finished")
    two["41"]["inputs"]["latent"] = ["31", 1]
    graph = read_graph(two)
    draft = graph.draft()
    assert draft is not None
    assert (graph.stages, asked(draft), draft["30"]["inputs"]["stage"]) == ("30", [["21", 0]], "draft")
    assert graph.window(0)["30"]["inputs"]["stage"] == "finish"


def test_a_window_is_asked_for_alone() -> None:
    job = read_graph(prompt()).window(3)
    assert job["2"]["inputs"]["windows"] == "3"
    assert job["30"]["inputs"]["stage"] == "finish"
    assert asked(job) == [["23", 0]]
    assert savers(job) == 0


def test_the_whole_saves_the_finished_video() -> None:
    job = read_graph(prompt()).whole()
    assert job["30"]["inputs"]["stage"] == "finish"
    assert job["2"]["inputs"]["windows"] == ""
    assert asked(job) == []
    assert savers(job) == 2


def test_song_picture_prompts_and_run_are_written_where_they_stand() -> None:
    given = prompt()
    before = copy.deepcopy(given)
    filled = for_song(read_graph(given), SONG, "farm/a.png", "farm/a.wav").prompt
    assert given == before
    assert filled["565"]["inputs"]["audio"] == "farm/a.wav"
    assert filled["444"]["inputs"]["image"] == "farm/a.png"
    assert filled["1559"]["inputs"]["schedule"] == "0:00 she sings"
    assert filled["2204"]["inputs"]["value"] == SONG.run
    assert filled["10"]["inputs"] == {"run_name": ["2204", 0], "enabled": True}


def test_a_workflow_of_one_stage_has_one_job() -> None:
    single = {key: node for key, node in prompt().items() if key not in ("2", "22", "23", "30", "41")}
    graph = read_graph(single)
    assert (graph.stages, graph.planner, graph.draft()) == (None, None, None)
    assert graph.whole() == single


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda p: [p.pop(key) for key in ("10", "11")], "keeps no windows on disk"),
        (lambda p: [p.pop(key) for key in ("40", "41")], "saves no video"),
        (lambda p: p.update({"31": p["30"]}), "2 nodes that choose"),
        (lambda p: p["1"]["inputs"].update(order="anchors first"), "2 planners"),
        (lambda p: p.pop("23"), "0 loops"),
    ],
)
def test_a_workflow_that_cannot_be_shared_is_refused_in_words(change: Any, words: str) -> None:
    given = prompt()
    change(given)
    with pytest.raises(GraphRefusedError, match=words):
        read_graph(given)


def test_a_place_that_is_missing_or_made_by_a_node_is_named() -> None:
    without = {key: node for key, node in prompt().items() if key != "444"}
    with pytest.raises(GraphRefusedError, match="0 nodes LoadImage"):
        for_song(read_graph(without), SONG, "farm/a.png", "farm/a.wav")
    made = prompt()
    made["2204"]["inputs"]["value"] = ["1", 0]
    with pytest.raises(GraphRefusedError, match="node 2204 makes a value"):
        for_song(read_graph(made), SONG, "farm/a.png", "farm/a.wav")


SHIPPED = Path(__file__).parents[3] / "example_workflows" / "api"


@pytest.mark.parametrize(
    ("name", "has_draft", "shares_windows"),
    [("", True, True), ("_anchors", False, True), ("_latent", False, False), ("_ltx25", False, False)],
)
def test_shipped_workflows_are_cut_into_jobs(name: str, has_draft: bool, shares_windows: bool) -> None:
    graph = read_graph(json.loads((SHIPPED / f"audio-loop-music-video{name}.json").read_text("utf-8")))
    assert (graph.draft() is not None, graph.planner is not None) == (has_draft, shares_windows)
    filled = for_song(graph, SONG, "farm/a.png", "farm/a.wav")
    runs = [node for node in filled.prompt.values() if node["class_type"] == "PrimitiveString"]
    assert [node["inputs"]["value"] for node in runs] == [SONG.run]
    if shares_windows:
        assert savers(filled.window(1)) == 0
        assert len(asked(filled.window(1))) > len(asked(filled.whole()))
