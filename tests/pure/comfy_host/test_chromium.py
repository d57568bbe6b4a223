"""Finding a browser of the Chromium family."""

from __future__ import annotations

from pathlib import Path

import pytest

from audio_loop.comfy_host import chromium
from audio_loop.comfy_host.environment import EnvironmentSetupError


def make_program(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    path.chmod(0o755)
    return path


def test_the_named_program_wins_over_path(tmp_path):
    named = make_program(tmp_path / "named" / "my-browser")
    make_program(tmp_path / "bin" / "chromium")
    environ = {"AUDIO_LOOP_CHROMIUM": str(named), "PATH": str(tmp_path / "bin")}
    assert chromium.find_chromium(environ) == named


def test_a_named_program_that_is_missing_is_refused(tmp_path):
    with pytest.raises(EnvironmentSetupError, match="AUDIO_LOOP_CHROMIUM"):
        chromium.find_chromium({"AUDIO_LOOP_CHROMIUM": str(tmp_path / "gone")})


@pytest.mark.parametrize("name", chromium.ON_PATH)
def test_each_of_the_family_is_found_on_path(tmp_path, name):
    program = make_program(tmp_path / name)
    assert chromium.find_chromium({"PATH": str(tmp_path)}) == program


def test_chrome_is_found_where_windows_installs_it(tmp_path):
    program = make_program(tmp_path / "Google" / "Chrome" / "Application" / "chrome.exe")
    assert chromium.find_chromium({"PATH": "", "PROGRAMFILES(X86)": str(tmp_path)}, platform="win32") == program


def test_without_a_browser_or_the_right_to_install_one_the_message_says_what_to_do(monkeypatch):
    monkeypatch.setattr(chromium, "find_chromium", lambda: None)
    monkeypatch.setattr(chromium, "apt_command", lambda: None)
    with pytest.raises(EnvironmentSetupError, match="Install one, or set AUDIO_LOOP_CHROMIUM"):
        chromium.ensure_chromium()


def test_a_failed_installation_shows_what_apt_said(tmp_path, monkeypatch):
    apt = make_program(tmp_path / "apt-get")
    apt.write_text("#!/bin/sh\necho E: no space left >&2\nexit 100\n", encoding="utf-8")
    monkeypatch.setattr(chromium, "find_chromium", lambda: None)
    monkeypatch.setattr(chromium, "apt_command", lambda: (str(apt),))
    with pytest.raises(EnvironmentSetupError, match="no space left"):
        chromium.ensure_chromium()


def test_an_installation_that_works_is_used(tmp_path, monkeypatch):
    apt = make_program(tmp_path / "apt-get")
    apt.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/calls\n', encoding="utf-8")
    answers = iter([None, Path("/usr/bin/chromium")])
    monkeypatch.setattr(chromium, "find_chromium", lambda: next(answers))
    monkeypatch.setattr(chromium, "apt_command", lambda: (str(apt),))
    assert chromium.ensure_chromium() == Path("/usr/bin/chromium")
    calls = (tmp_path / "calls").read_text("utf-8").splitlines()
    assert [call.split()[0] for call in calls] == ["update", "install"]
    assert calls[1].endswith("chromium")
