"""An experiment: one setting with several values, each rendered with the same seeds as often, as a TOML file."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..files.schema_check import JsonSchemaError, check_schema
from .errors import HarnessError
from .filling import WORKFLOWS

NO_TOML = "experiments are TOML files, which Python 3.10 reads by tomli: pip install tomli (or the group 'experiments')"
_TEXT = {"type": "string", "maxLength": 10_000}
_VALUE = {"type": ["string", "number", "integer", "boolean"]}
_ARM = {
    "type": "object",
    "properties": {"name": _TEXT, "settings": {"type": "object", "additionalProperties": _VALUE}},
    "required": ["name", "settings"],
    "additionalProperties": False,
}
SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "name": _TEXT,
        "about": _TEXT,
        "fixture": _TEXT,
        "workflow": _TEXT,
        "tier": {"type": "integer", "minimum": 1, "maximum": 10_000},
        "seeds": {"type": "array", "items": {"type": "integer", "minimum": 0, "maximum": 2**53}, "maxItems": 1000},
        "repeats": {"type": "integer", "minimum": 1, "maximum": 1000},
        "primary_metric": _TEXT,
        "arms": {"type": "array", "items": _ARM, "maxItems": 100},
    },
    "required": ["name", "arms"],
    "additionalProperties": False,
}


@dataclass(frozen=True)
class Arm:
    """One value of what an experiment is about.

    Attributes:
        name: Its name for people.
        settings: Setting -> value, beside the fixture's; none for what the fixture has.
    """

    name: str
    settings: Mapping[str, Any]


@dataclass(frozen=True)
class Experiment:
    """An experiment.

    Attributes:
        name: Its name.
        arms: Its arms; the first is what the others are compared with.
        seeds: Each arm is rendered with each; None stands for the fixture's.
        repeats: How often each arm is rendered with each seed.
        tier: Iterations at most; None leaves the workflow's.
        fixture: The fixture's file; None leaves it to the command line.
        workflow: The workflow's file; None takes the fixture's, else the shipped one.
        primary_metric: The metric that it is about; None takes the fixture's, else the judge's.
    """

    name: str
    arms: tuple[Arm, ...]
    seeds: tuple[int | None, ...]
    repeats: int
    tier: int | None
    fixture: Path | None
    workflow: Path | None
    primary_metric: str | None


def read_experiment(path: Path) -> Experiment:
    """Reads an experiment.

    Raises:
        HarnessError: It cannot be read, breaks a rule, or changes more than one setting.
        ImportError: Nothing here reads TOML.
    """
    document = _parsed(path)
    try:
        check_schema(document, SCHEMA, "the experiment")
    except JsonSchemaError as error:
        raise HarnessError(f"{path}: {error}") from error
    arms = tuple(Arm(each["name"], each["settings"]) for each in document["arms"])
    _check_arms(path, arms)
    seeds = tuple(dict.fromkeys(document.get("seeds", ()))) or (None,)
    fixture = None if "fixture" not in document else (path.parent / document["fixture"]).resolve()
    return Experiment(
        document["name"],
        arms,
        seeds,
        document.get("repeats", 1),
        document.get("tier"),
        fixture,
        _workflow(path, document.get("workflow")),
        document.get("primary_metric"),
    )


def _check_arms(path: Path, arms: tuple[Arm, ...]) -> None:
    names = [arm.name for arm in arms]
    if len(arms) < 2 or len(set(names)) != len(names):
        raise HarnessError(f"{path}: an experiment has two arms or more, each with a name of its own; there are {names}")
    changed = sorted({name for arm in arms for name in arm.settings})
    if len(changed) > 1:
        raise HarnessError(
            f"{path}: its arms change {', '.join(changed)}; an experiment changes one setting, or nothing is learnt"
        )


def _workflow(path: Path, name: str | None) -> Path | None:
    """A workflow by path, or a shipped one by its name without an ending."""
    if name is None:
        return None
    shipped = WORKFLOWS / f"{name}.json"
    return shipped if shipped.is_file() else (path.parent / name).resolve()


def _parsed(path: Path) -> Any:
    try:
        toml = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
    except ImportError as error:
        raise ImportError(NO_TOML) from error
    try:
        return toml.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise HarnessError(f"{path} cannot be read: {error.strerror or error}") from error
    except (toml.TOMLDecodeError, UnicodeDecodeError) as error:
        raise HarnessError(f"{path} is not TOML: {error}") from error
