"""The newest frontend: asked for each time, installed once, and an error that says what is missing."""

from __future__ import annotations

import json

import pytest

from audio_loop.comfy_host import frontend_release
from audio_loop.comfy_host.environment import EnvironmentSetupError
from audio_loop.comfy_host.frontend_release import STATIC, newest_frontend


@pytest.fixture
def index(monkeypatch):
    """A package index that knows `index.newest`, and the pip that asks it; `index.asked` lists what pip did."""

    class Index:
        newest = "2.10.0"
        page = "index.html"
        asked = ()

        def pip(self, *arguments):
            self.asked += ("report" if "--report" in arguments else arguments[-1],)
            if "--report" in arguments:
                return json.dumps({"install": [{"metadata": {"version": self.newest}}]})
            static = frontend_release.Path(arguments[arguments.index("--target") + 1]) / STATIC
            static.mkdir(parents=True)
            (static / self.page).write_text(self.newest)
            return ""

    made = Index()
    monkeypatch.setattr(frontend_release, "_pip", made.pip)
    return made


def test_a_release_is_installed_once_and_each_into_its_own_folder(index, tmp_path):
    first = newest_frontend(cache=tmp_path)
    assert first == newest_frontend(cache=tmp_path)
    assert index.asked == ("report", "comfyui-frontend-package==2.10.0", "report")
    index.newest = "2.11.0"
    second = newest_frontend(cache=tmp_path)
    assert [(folder / "index.html").read_text() for folder in (first, second)] == ["2.10.0", "2.11.0"]
    assert sorted(path.name for path in (tmp_path / "frontends").iterdir()) == ["2.10.0", "2.11.0"]


def test_an_installation_that_broke_off_is_not_taken_for_a_release(index, tmp_path, monkeypatch):
    whole = index.pip

    def broken(*arguments):
        answer = whole(*arguments)
        if "--target" in arguments:
            raise EnvironmentSetupError("the disk is full")
        return answer

    monkeypatch.setattr(frontend_release, "_pip", broken)
    with pytest.raises(EnvironmentSetupError, match="the disk is full"):
        newest_frontend(cache=tmp_path)
    assert list((tmp_path / "frontends").iterdir()) == []
    monkeypatch.setattr(frontend_release, "_pip", whole)
    assert (newest_frontend(cache=tmp_path) / "index.html").read_text() == "2.10.0"


def test_a_release_that_is_no_frontend_is_named(index, tmp_path):
    index.page = "something-else.html"
    with pytest.raises(EnvironmentSetupError, match=r"2\.10\.0 holds no frontend"):
        newest_frontend(cache=tmp_path)


def test_an_index_that_does_not_answer_is_an_error_that_says_what_needs_it(tmp_path, monkeypatch):
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_NO_INDEX", "0")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("PIP_RETRIES", "0")
    with pytest.raises(EnvironmentSetupError, match="need the package index"):
        newest_frontend(cache=tmp_path)
