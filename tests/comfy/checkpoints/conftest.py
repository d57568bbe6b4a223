"""One ComfyUI for all tests of windows that need no model."""

from __future__ import annotations

import pytest

from ..shipped import write_picture
from .resume.harness import Runner
from .windows_session import Session


@pytest.fixture(scope="session")
def windows_runner(tmp_path_factory):
    base = tmp_path_factory.mktemp("windows")
    started = Runner(base, tmp_path_factory.mktemp("no_models"))
    write_picture(base / "input" / "face.png")
    write_picture(base / "input" / "other.png", (60, 40))
    yield started
    started.close()


@pytest.fixture
def session(windows_runner, tmp_path):
    return Session(windows_runner, tmp_path)
