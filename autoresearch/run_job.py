"""One run: what is rendered, under which name."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from ..files.free_names import first_free, numbered
from .errors import HarnessError
from .filling import Filling, filled, traced
from .fixture import Fixture
from .judge.scorecard import PRIMARY_METRIC
from .settings import SILENT_AUDIO, Nodes

_RUN_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True)
class RunJob:
    """A run that can be given to any server.

    Attributes:
        run_id: Its name.
        fixture: Song, picture and words.
        workflow: Nodes by id, as its file holds them.
        workflow_name: The file's name.
        settings: Setting -> value: the fixture's, and what this run changes.
        tier: Iterations at most; None leaves the workflow's.
        description: Words of who began it.
        is_traced: Trace its attention calls.
        labels: Its place in an experiment: "experiment", "arm", "seed", "repeat".
        is_named_by_content: Whether its name is a hash of all that it is: then what a server has under that name is this run.
    """

    run_id: str
    fixture: Fixture
    workflow: Nodes
    workflow_name: str
    settings: Mapping[str, Any]
    tier: int | None = None
    description: str = ""
    is_traced: bool = True
    labels: Mapping[str, Any] = field(default_factory=dict)
    is_named_by_content: bool = False

    @property
    def is_silent(self) -> bool:
        """Whether silence takes the song's place."""
        return bool(self.settings.get(SILENT_AUDIO, False))

    @property
    def primary_metric(self) -> str:
        """The metric that it is about."""
        return str(self.labels.get("primary_metric") or self.fixture.document.get("primary_metric") or PRIMARY_METRIC)

    @property
    def asked(self) -> dict[str, Any]:
        """Everything that was asked for, as the tracker keeps it."""
        asked = {"fixture": self.fixture.name, "workflow": self.workflow_name, "tier": self.tier}
        return {**asked, "settings": dict(self.settings), "seed": self.settings.get("seed"), **self.labels}

    def prompt(self, audio_name: str, image_name: str) -> Nodes:
        """The workflow with the run in it.

        Args:
            audio_name: The song, by the name that it has on the server.
            image_name: The picture, by that name.

        Raises:
            HarnessError: The workflow has no place for something.
        """
        prompt = filled(self.workflow, Filling(self.run_id, audio_name, image_name, self.settings, self.tier))
        return traced(prompt, self.run_id) if self.is_traced else prompt


def checked_run_id(text: str) -> str:
    """The name, if it can be one.

    Raises:
        HarnessError: It holds something that not every file system and shell takes.
    """
    if not _RUN_ID.fullmatch(text):
        raise HarnessError(
            f"RUN_ID is {text!r}; it is up to 64 letters, digits, dots, dashes and underscores, such as 'smoke-1'"
        )
    return text


def new_run_id(taken: Iterable[str]) -> str:
    """A name for a run: RUN_ID of the environment, with a number if that is taken, or the time and four digits.

    Raises:
        HarnessError: RUN_ID cannot be a name.
    """
    given = os.environ.get("RUN_ID", "")
    if not given:
        return f"{datetime.now(timezone.utc):%Y%m%d-%H%M%S}-{secrets.token_hex(2)}"
    names = set(taken)
    # Names are paths here only to be numbered as files are.
    return first_free(numbered(Path(checked_run_id(given))), lambda path: path.name in names).name
