"""Finding ComfyUI, naming environments, reading requirements."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio_loop.comfy_host import environment
from audio_loop.comfy_host.environment import (
    EnvironmentSetupError,
    cache_root,
    comfyui_requirements,
    ensure_comfyui,
    environment_key,
    find_comfyui,
    reexec_inside,
)


def make_comfyui(folder):
    (folder / "comfy").mkdir(parents=True)
    (folder / "main.py").touch()
    (folder / "comfy" / "sd.py").touch()
    return folder


@pytest.fixture
def no_home(tmp_path, monkeypatch):
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    return tmp_path


def test_torch_templates_and_help_pages_are_left_out_of_the_requirements():
    text = "torch\ntorchvision>=0.2\nnumpy>=1.25  # a comment\n\n# only a comment\ncomfyui_workflow_templates==0.9\nav\n"
    assert comfyui_requirements(text) == ("numpy>=1.25", "av")


def test_a_package_whose_name_only_begins_like_one_left_out_stays():
    assert comfyui_requirements("torchsde\ncomfyui-frontend-package==1.2\n") == (
        "torchsde",
        "comfyui-frontend-package==1.2",
    )


@given(st.lists(st.lists(st.text(min_size=1), max_size=3), max_size=3))
def test_the_same_requirements_have_the_same_key_and_others_another(steps):
    key = environment_key(steps, (3, 11))
    assert len(key) == 12
    assert set(key) <= set("0123456789abcdef")
    assert key == environment_key([tuple(step) for step in steps], (3, 11))
    assert key != environment_key(steps, (3, 12))
    assert key != environment_key([*steps, ["one-more"]], (3, 11))


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({"AUDIO_LOOP_CACHE": "/a"}, Path("/a")),
        ({"AUDIO_LOOP_CACHE": "/a", "XDG_CACHE_HOME": "/b"}, Path("/a")),
        ({"XDG_CACHE_HOME": "/b"}, Path("/b/audio-loop")),
    ],
)
def test_environments_are_kept_where_the_user_says(environ, expected):
    assert cache_root(environ) == expected


def test_environments_are_kept_in_the_home_folder_otherwise(no_home):
    assert cache_root({}) == no_home / "home" / ".cache" / "audio-loop"


def test_comfyui_is_looked_for_in_order(no_home):
    named = make_comfyui(no_home / "named")
    around = make_comfyui(no_home / "around")
    pack = around / "custom_nodes" / "audio-loop"
    at_home = make_comfyui(no_home / "home" / "comfy" / "ComfyUI")
    assert find_comfyui({"COMFYUI_PATH": str(named)}, pack) == named
    assert find_comfyui({}, pack) == around
    assert find_comfyui({}, no_home / "elsewhere" / "audio-loop") == at_home
    assert find_comfyui({"COMFYUI_PATH": ""}, pack) == around


def test_no_comfyui_is_no_error(no_home):
    assert find_comfyui({}, no_home / "elsewhere") is None


def test_a_named_folder_without_comfyui_is_refused(no_home):
    with pytest.raises(EnvironmentSetupError, match=r"COMFYUI_PATH.*main\.py"):
        find_comfyui({"COMFYUI_PATH": str(no_home)})


def test_a_clone_that_fails_says_what_to_do_and_leaves_nothing(no_home, monkeypatch):
    monkeypatch.setattr(environment, "COMFYUI_URL", str(no_home / "no-such-repository"))
    monkeypatch.setattr(environment, "find_comfyui", lambda *_: None)
    with pytest.raises(EnvironmentSetupError, match="set COMFYUI_PATH"):
        ensure_comfyui({})
    assert list((no_home / "home" / "comfy").iterdir()) == []


def test_what_pip_says_is_shown_when_it_fails(tmp_path):
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho no matching distribution >&2\nexit 1\n", encoding="utf-8")
    python.chmod(0o755)
    with pytest.raises(EnvironmentSetupError, match=r"(?s)no matching distribution.*could not install left-pad"):
        environment._pip_install(python, ["left-pad"])


def test_dependency_groups_are_read_without_a_toml_parser(tmp_path):
    pyproject = tmp_path / "pyproject.toml"
    pyproject.write_text(
        '[project]\nname = "x"\n[dependency-groups]\ndev = [\n  "pytest>=8", # why\n  \'ruff\',\n'
        "  \"tomli; python_version < '3.11'\",\n]\n"
        'demo = [\n  "tqdm",\n]\n[tool.x]\nother = [\n  "no",\n]\n',
        encoding="utf-8",
    )
    assert environment._dependency_groups(pyproject, ["dev", "demo"]) == (
        "pytest>=8",
        "ruff",
        "tomli; python_version < '3.11'",
        "tqdm",
    )
    with pytest.raises(EnvironmentSetupError, match="no dependency group 'other'"):
        environment._dependency_groups(pyproject, ["other"])


def test_the_right_python_is_not_started_again():
    reexec_inside(Path(sys.prefix) / "bin" / "python")
