"""The runs of an experiment. A run's name is a hash of all that it is, so that it is the same whenever it is asked for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..farm.songs import content_hash
from ..files.hashing import digest_parts, short_hex
from .errors import HarnessError
from .experiment import Arm, Experiment
from .fixture import Fixture
from .run_job import RunJob
from .settings import Nodes


def jobs_of(
    experiment: Experiment, fixture: Fixture, workflow: Nodes, workflow_name: str, is_traced: bool
) -> tuple[RunJob, ...]:
    """The runs in their order: of one repeat and seed all arms, so that every part of a sweep can be compared.

    Raises:
        HarnessError: A file of the fixture is not there, or the workflow has no place for a setting.
    """
    files = [_hash(path) for path in (fixture.audio, fixture.image)]
    jobs = tuple(
        _job(experiment, arm, seed, repeat, fixture, workflow, workflow_name, is_traced, files)
        for repeat in range(experiment.repeats)
        for seed in experiment.seeds
        for arm in experiment.arms
    )
    for job in jobs[: len(experiment.arms)]:
        job.prompt(fixture.audio.name, fixture.image.name)
    return jobs


def _job(
    experiment: Experiment,
    arm: Arm,
    seed: int | None,
    repeat: int,
    fixture: Fixture,
    workflow: Nodes,
    workflow_name: str,
    is_traced: bool,
    files: list[str],
) -> RunJob:
    settings = {**fixture.settings, **({} if seed is None else {"seed": seed}), **arm.settings}
    paired = fixture.settings.get("seed") if seed is None else seed
    labels: dict[str, Any] = {"experiment": experiment.name, "arm": arm.name, "seed": paired, "repeat": repeat}
    whole = [workflow, settings, labels, experiment.tier, is_traced, fixture.name, *files]
    run_id = f"{experiment.name.split()[0].lower()[:8]}-{short_hex(digest_parts('run', json.dumps(whole, sort_keys=True)))}"
    if experiment.primary_metric is not None:
        labels["primary_metric"] = experiment.primary_metric
    words = f"{experiment.name}: {arm.name}, seed {paired}, repeat {repeat}"
    return RunJob(run_id, fixture, workflow, workflow_name, settings, experiment.tier, words, is_traced, labels, True)


def _hash(path: Path) -> str:
    try:
        return content_hash(path)
    except OSError as error:
        raise HarnessError(f"{path} cannot be read: {error.strerror or error}") from error
