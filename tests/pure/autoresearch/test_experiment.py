from __future__ import annotations

import json
from dataclasses import replace

import pytest

from audio_loop.autoresearch.errors import HarnessError
from audio_loop.autoresearch.experiment import read_experiment
from audio_loop.autoresearch.filling import WORKFLOW, read_prompt
from audio_loop.autoresearch.fixture import read_fixture
from audio_loop.autoresearch.sweep_jobs import jobs_of
from audio_loop.comfy_host.environment import REPOSITORY
from audio_loop.demo.fixture import write_fixture

READY = sorted((REPOSITORY / "autoresearch" / "experiments").glob("*.toml"))
ARMS = '[[arms]]\nname = "a"\nsettings = {}\n[[arms]]\nname = "b"\nsettings = { seed = 3 }\n'


@pytest.fixture(scope="module")
def fixture(tmp_path_factory):
    return read_fixture(write_fixture(tmp_path_factory.mktemp("fixture"), WORKFLOW.with_name("audio-loop_smoke.json"), 3.0))


def written(tmp_path, text):
    path = tmp_path / "x.toml"
    path.write_text(text, "utf-8")
    return path


def test_the_guides_five_experiments_are_there():
    assert [path.stem[:3] for path in READY] == ["e1_", "e2_", "e3_", "e4_", "e5_"]


@pytest.mark.parametrize("path", READY, ids=lambda path: path.stem)
def test_a_ready_made_experiment_changes_one_thing_in_its_workflow(path, fixture):
    experiment = read_experiment(path)
    workflow = read_prompt(experiment.workflow or WORKFLOW)
    bare = replace(fixture, document={**fixture.document, "settings": {}})
    jobs = jobs_of(experiment, bare, workflow, "w", is_traced=False)
    assert len(jobs) == len(experiment.arms) * len(experiment.seeds) * experiment.repeats
    assert len({job.run_id for job in jobs}) == len(jobs)
    first, second = jobs[:2]
    assert first.labels["seed"] == second.labels["seed"], "arms are compared at one seed"
    one, other = (replace(job, run_id="same").prompt("a", "b") for job in (first, second))
    assert (one != other) == (path.stem != "e3_silent_audio"), "silence is a file, which the server gets"
    assert (first.is_silent, second.is_silent) == (False, path.stem == "e3_silent_audio")


def test_a_runs_name_is_what_it_is_made_of(tmp_path, fixture):
    experiment = read_experiment(written(tmp_path, 'name = "A"\nseeds = [1, 2]\nrepeats = 2\n' + ARMS))
    workflow = read_prompt(WORKFLOW)

    def names(**changes):
        given = {"experiment": experiment, "fixture": fixture, "workflow": workflow} | changes
        return [job.run_id for job in jobs_of(**given, workflow_name="w", is_traced=False)]

    assert len(set(names())) == 8
    assert names() == names()
    other_workflow = json.loads(json.dumps(workflow))
    other_workflow["153"]["inputs"]["cfg"] = 2.0
    for changes in (
        {"experiment": replace(experiment, tier=2)},
        {"fixture": replace(fixture, document={**fixture.document, "negative_prompt": "dull"})},
        {"workflow": other_workflow},
    ):
        assert not set(names()) & set(names(**changes))
    more = replace(experiment, repeats=3, primary_metric="m")
    assert names() == names(experiment=more)[:8], "more repeats keep the runs that are there"
    fixture.audio.write_bytes(fixture.audio.read_bytes() + b"\0\0")
    assert not set(names()) & set(names(experiment=replace(experiment, name="B")))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name = ", "not TOML"),
        (ARMS, "lacks 'name'"),
        ('name = "x"\ncolour = 1\n' + ARMS, "unknown key 'colour'"),
        ('name = "x"\nrepeats = 0\n' + ARMS, "repeats is 0"),
        ('name = "x"\n' + ARMS.replace('"b"', '"a"'), "name of its own"),
        ('name = "x"\n' + ARMS[: ARMS.index("[[", 2)], "two arms or more"),
        ('name = "x"\n' + ARMS.replace("{}", "{ width = 64 }"), "change seed, width; an experiment changes one setting"),
    ],
)
def test_an_experiment_that_breaks_a_rule_is_refused(tmp_path, text, said):
    with pytest.raises(HarnessError, match=said):
        read_experiment(written(tmp_path, text))


def test_files_begin_at_the_experiments_folder_and_shipped_workflows_have_names(tmp_path):
    text = 'name = "x"\nfixture = "f.json"\nworkflow = "w.json"\n' + ARMS
    experiment = read_experiment(written(tmp_path, text))
    assert (experiment.fixture, experiment.workflow) == (tmp_path / "f.json", tmp_path / "w.json")
    shipped = read_experiment(written(tmp_path, text.replace("w.json", "audio-loop_smoke")))
    assert shipped.workflow == WORKFLOW.with_name("audio-loop_smoke.json")
