"""The command line, and every shipped workflow."""

from __future__ import annotations

import json
import subprocess
import sys
import wave

import numpy as np
import pytest

from audio_loop.comfy_host.environment import REPOSITORY
from audio_loop.preflight import listening
from audio_loop.preflight.check import preflight
from audio_loop.preflight.command import main
from audio_loop.preflight.report import verdict
from audio_loop.workflow_graph import document
from audio_loop.workflow_graph.audit.command import shipped_files
from audio_loop.workflow_graph.editing.graph import Graph
from audio_loop.workflow_graph.frontend.to_api import to_api

from ...speech import SPEECH_HZ, sentences, spoken
from .conftest import DEFAULT, FOUR_MINUTES, SOUND_MACHINE

MODERN = sorted(path for path in (REPOSITORY / "example_workflows").glob("*.json"))


@pytest.fixture(autouse=True)
def hears_little(monkeypatch):
    """Songs are fine here; to hear the first seconds of each is enough."""
    monkeypatch.setattr(listening, "MOST_SECONDS", 0.0)


def write_song(path, seconds, rate=SPEECH_HZ):
    """Somebody speaks all the time."""
    said = np.repeat(spoken(sentences("en-us")[0]), rate // SPEECH_HZ)
    samples = np.rint(np.resize(said, round(seconds * rate)) * 32767).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())
    return path


API = sorted(path for path in (REPOSITORY / "example_workflows" / "api").glob("*.json"))
CLASSIC = sorted(path for path in (REPOSITORY / "example_workflows" / "classic").glob("*.json"))


@pytest.mark.parametrize("path", [*API, *CLASSIC], ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_flat_and_classic_ones_are_told_of_nothing_either(path):
    found = preflight(document.load(path), FOUR_MINUTES, SOUND_MACHINE)
    assert [each.finding.message for each in found.audit.reported] == []


@pytest.mark.parametrize("path", MODERN, ids=lambda path: path.stem)
def test_shipped_workflows_are_fit_to_run(path):
    graph = document.load_workflow(path)
    found = preflight(graph, FOUR_MINUTES, SOUND_MACHINE)
    assert [each.finding.message for each in found.audit.reported if each.explanation is None] == []
    assert verdict(found).startswith("OK: nothing found")
    prompt = preflight(to_api(graph), FOUR_MINUTES, SOUND_MACHINE)
    assert [each.finding.message for each in prompt.audit.reported] == []
    assert prompt.plan == found.plan


def test_all_shipped_workflows_are_among_them():
    assert {path.name for path in MODERN} >= {path.name for path in shipped_files() if path.parent.name != "classic"}


def test_a_four_minute_song_is_heard_and_planned(tmp_path):
    song = write_song(tmp_path / "song.wav", 240, rate=44_100)
    command = [sys.executable, "scripts/preflight.py", str(DEFAULT), "--audio", str(song), "--json"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=60, check=True)
    found = json.loads(done.stdout)
    assert found["ok"] is True
    assert found["plan"]["song_seconds"] == 240
    assert len(found["plan"]["windows"]) == 14
    assert found["plan"]["cuts"][:2] == [19.88, 37.8]


def test_the_page_says_what_is_to_be_seen(tmp_path, capsysbinary):
    song = write_song(tmp_path / "song.wav", 60)
    assert main([str(DEFAULT), "--audio", str(song)]) == 0
    text = capsysbinary.readouterr().out.decode()
    assert text.startswith("OK: nothing found, as far as could be looked\n")
    assert "Plan: song 1:00.00, 4 windows" in text
    assert "time: unknown; this machine has not made a window" in text
    assert "files of models, pictures and sounds: ComfyUI's folders are not known here" in text


def test_an_error_is_told_first_with_its_cure(tmp_path, capsysbinary):
    prompt = json.loads((REPOSITORY / "example_workflows" / "api" / DEFAULT.name).read_text("utf-8"))
    prompt["446"]["inputs"]["img_compression"] = 0
    prompt["153"]["inputs"]["cfg"] = 4
    path = tmp_path / "prompt.json"
    path.write_text(json.dumps(prompt), "utf-8")
    assert main([str(path), "--audio", str(write_song(tmp_path / "song.wav", 60))]) == 1
    first, _, *rest = capsysbinary.readouterr().out.decode().splitlines()
    assert first == "1 error, 1 warning"
    assert rest[0].startswith("ERROR  node 446 (LTXVPreprocess")
    assert "img_compression is 0" in rest[0]
    assert main([str(path), "--audio", str(tmp_path / "song.wav"), "--json"]) == 1
    findings = json.loads(capsysbinary.readouterr().out)["findings"]
    assert {(each["rule"], each["node"]) for each in findings} == {("preprocess_compression", "446"), ("cfg_value", "153")}


def test_a_command_names_the_file_and_a_prompt_gets_what_to_do_by_hand(tmp_path, capsysbinary):
    graph = Graph(document.load_workflow(DEFAULT))
    graph.node(446).widgets["img_compression"] = 0
    graph.node(1559).widgets["schedule"] = "0:00+: a FILE is singing"
    for name, made, mend in (
        ("my song.json", graph.to_document(), "python scripts/workflow.py migrate '{}'"),
        ("prompt.json", to_api(graph.to_document()), "set img_compression of that node to 18"),
    ):
        path = document.save(made, tmp_path / name)
        assert main([str(path), "--audio", str(write_song(tmp_path / "song.wav", 60))]) == 1
        text = capsysbinary.readouterr().out.decode()
        assert f"  mend    {mend.format(path)}\n" in text
        assert "a FILE is singing" in text


def test_a_finding_leads_to_the_node_that_is_edited(tmp_path, capsysbinary):
    graph = Graph(document.load_workflow(DEFAULT))
    text = "0:00-1:00: A singer is singing.\n1:00+: A dancer is singing, wide shot.\n"
    graph.node(1559).widgets["schedule"] = text
    graph.node(446).widgets["img_compression"] = 0
    for made, inside in ((graph.to_document(), "Render song > First window"), (to_api(graph.to_document()), "2400:2404")):
        path = document.save(made, tmp_path / f"{inside[:4]}.json")
        arguments = [str(path), "--audio", str(write_song(tmp_path / "song.wav", 90))]
        assert main([*arguments, "--json"]) == 1
        found = json.loads(capsysbinary.readouterr().out)
        told = {each["rule"]: (each["node"], each["line"]) for each in found["findings"]}
        assert told["prompt_wording"] == told["prompt_byte_exact"] == ("1559", 2)
        assert told["preprocess_compression"] == ("2400:2404:446", None)
        assert {each["node"] for each in found["prompts"]} == {"1559"}
        main(arguments)
        text = capsysbinary.readouterr().out.decode()
        assert "Prompts as they will be seen, by node 1559 (AudioLoopPrompts" in text
        assert f"ERROR  node 446 inside {inside} (LTXVPreprocess" in text


def test_a_schedule_of_500_lines_is_told_in_short(tmp_path, capsysbinary):
    graph = Graph(document.load_workflow(DEFAULT))
    graph.node(1559).widgets["schedule"] = "\n".join(
        f"{second // 60}:{second % 60:02d}+: A singer is singing, wide shot {second}." for second in range(500)
    )
    path = document.save(graph.to_document(), tmp_path / "long.json")
    arguments = [str(path), "--audio", str(write_song(tmp_path / "song.wav", 510))]
    main(arguments)
    text = capsysbinary.readouterr().out.decode()
    assert len(text) < 15_000
    assert "... 488 more findings of this kind are left out of this report ..." in text
    assert "... 440 more lines are left out of this report ..." in text
    main([*arguments, "--json"])
    assert len(json.loads(capsysbinary.readouterr().out)["prompts"]) == 500


def test_models_are_looked_for_where_comfyui_looks(tmp_path, capsysbinary):
    for name in ("checkpoints/ltx-2.3-22b-dev-fp8.safetensors", "text_encoders/gemma_3_12B_it_fp4_mixed.safetensors"):
        path = tmp_path / "models" / name
        path.parent.mkdir(parents=True)
        path.touch()
    (tmp_path / "input").mkdir()
    (tmp_path / "input" / "example.png").touch()
    song = write_song(tmp_path / "song.wav", 60)
    assert main([str(DEFAULT), "--audio", str(song), "--comfyui", str(tmp_path)]) == 1
    text = capsysbinary.readouterr().out.decode()
    assert text.startswith("1 error\n")
    assert "lora_name is 'ltx_2.3_22b_distilled" in text
    (tmp_path / "extra_model_paths.yaml").touch()
    assert main([str(DEFAULT), "--audio", str(song), "--comfyui", str(tmp_path)]) == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["missing.json"], "missing.json cannot be read"),
        ([str(DEFAULT), "--audio", "missing.wav"], "the song missing.wav cannot be read"),
        ([str(DEFAULT), "--audio", str(DEFAULT)], "cannot be read"),
        ([str(DEFAULT), "--comfyui", "missing"], "is no folder"),
    ],
)
def test_what_cannot_be_read_is_refused(arguments, says, capsys):
    assert main(arguments) == 2
    assert says in capsys.readouterr().err
