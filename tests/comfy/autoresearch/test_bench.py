"""The public benchmark on the tiny model, cut short: a table, scorecards, and the comparison with them.

`AUDIO_LOOP_TEST_SCORECARD=benchmarks/song_v1/expected_toy.json` writes the expected one anew, as each change
of the judge asks for.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from audio_loop.autoresearch.command import main
from audio_loop.autoresearch.filling import WORKFLOWS
from audio_loop.demo.fixture import write_fixture

EXPECTED = Path(__file__).resolve().parents[3] / "benchmarks" / "song_v1" / "expected_toy.json"


@pytest.fixture(scope="module")
def workflow(tmp_path_factory):
    """The shipped smoke workflow on the tiny model."""
    fixture = write_fixture(tmp_path_factory.mktemp("bench"), WORKFLOWS / "audio-loop_smoke.json", 6.0)
    return fixture.with_name("workflow.json")


def test_a_table_is_printed_and_its_scorecards_are_met_by_themselves(comfy, workflow, tmp_path, capsys):
    call = ["bench", "--server", comfy.url, "--workflow", str(workflow), "--tier", "1", "--set", "window_seconds=3.88"]
    card = tmp_path / "card.json"
    anew = os.environ.get("AUDIO_LOOP_TEST_SCORECARD")
    # What the toy gives is known, to the twentieth: it is the same on another machine.
    expected = [] if anew else ["--expected", str(EXPECTED)]
    assert main([*call, "--json", str(card), "--videos", str(tmp_path / "videos"), *expected]) == 0, capsys.readouterr()
    said = capsys.readouterr().out
    assert "| windows sampled | 2 |" in said
    assert ", exact |" in said
    assert "| VRAM curve | - |" in said
    assert "Tier 1: the loop was cut short" in said
    (seed,) = json.loads(card.read_text())["seeds"].values()
    if anew:
        Path(anew).write_bytes(card.read_bytes())
    assert {"frames", "worst_symptom_strength"} <= seed.keys()
    assert len(list((tmp_path / "videos").glob("LTX-2_*.mp4"))) == 1

    changed = json.loads(card.read_text())
    changed["seeds"]["42"]["frames"] += 8
    other = tmp_path / "other.json"
    other.write_text(json.dumps(changed))
    assert main([*call, "--json", str(card)]) == 2
    assert "is there already" in capsys.readouterr().err
    assert main([*call, "--expected", str(other)]) == 1
    assert capsys.readouterr().out.strip().splitlines()[-1].startswith("seed 42: frames was")


def test_a_server_that_does_not_answer_is_named(workflow, capsys):
    assert main(["bench", "--server", "http://127.0.0.1:9", "--workflow", str(workflow)]) == 2
    assert "127.0.0.1:9" in capsys.readouterr().err
