"""The archive that `pip` builds from, made by the build backend itself: what the wheel takes, and nothing of developers."""

from __future__ import annotations

import importlib
import shutil
import subprocess
import sys
import tarfile
import zipfile

import pytest

from ... import registry_files
from ...registry_files import REPOSITORY
from .test_registry_package import FOR_DEVELOPERS

# What the backend adds, or takes as the description of the whole.
_OF_THE_BACKEND = {"PKG-INFO", "setup.cfg", "audio_loop.egg-info"}
_OF_THE_WHOLE = {"LICENSE", "README.md", "pyproject.toml"}


def build(what, source, target):
    """Calls one of the backend's two functions in `source` and returns the file that it made."""
    call = f"import sys; from setuptools import build_meta; print(build_meta.build_{what}(sys.argv[1]))"
    done = subprocess.run([sys.executable, "-c", call, str(target)], cwd=source, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    return target / done.stdout.splitlines()[-1]


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """The sdist, unpacked; the backend writes beside its source, so it gets a copy of what git tracks."""
    folder = tmp_path_factory.mktemp("sdist")
    for name in registry_files.tracked():
        (folder / "source" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(REPOSITORY / name, folder / "source" / name)
    with tarfile.open(build("sdist", folder / "source", folder)) as packed:
        packed.extractall(folder / "unpacked", filter="data")
    (unpacked,) = (folder / "unpacked").iterdir()
    return unpacked


def settings():
    tomllib = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
    return tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]


def test_it_holds_the_rooms_that_are_installed_and_nothing_of_developers(archive):
    rooms = {package.split(".")[1] for package in settings()["packages"] if "." in package}
    data = {pattern.split("/")[0] for pattern in settings()["package-data"]["audio_loop"]}
    modules = {path.name for path in REPOSITORY.glob("*.py")}
    held = {path.name for path in archive.iterdir()}
    assert held == rooms | data | modules | _OF_THE_BACKEND | _OF_THE_WHOLE
    assert not held & FOR_DEVELOPERS


def test_a_wheel_that_is_built_from_it_holds_what_the_settings_name(archive, tmp_path):
    with zipfile.ZipFile(build("wheel", archive, tmp_path)) as wheel:
        found = {name for name in wheel.namelist() if name.startswith("audio_loop/")}
    expected = set()
    for package in settings()["packages"]:
        folder = REPOSITORY.joinpath(*package.split(".")[1:])
        for pattern in ("*.py", *settings()["package-data"].get(package, ())):
            expected |= {path.relative_to(REPOSITORY) for path in folder.glob(pattern) if path.is_file()}
    assert found == {f"audio_loop/{path.as_posix()}" for path in expected} != set()
