"""The page is told which runs, windows and takes are on disk, with a picture each, and nothing else of the disk."""

from __future__ import annotations

import io
import json
import shutil
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest
from PIL import Image

STORED = Path(__file__).resolve().parents[2] / "golden" / "stored_runs" / "audio_loop"
RUN = "unfinished"


@pytest.fixture
def url(comfy):
    shutil.copytree(STORED / RUN, comfy.output_folder / "audio_loop" / RUN, dirs_exist_ok=True)
    yield comfy.url
    shutil.rmtree(comfy.output_folder / "audio_loop" / RUN)


def get(url, path, **query):
    """Status and body of a GET."""
    address = f"{url}/audio_loop/{path}?{urllib.parse.urlencode(query)}"
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def everything(folder):
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*")}


def test_runs_windows_and_pictures(url, comfy):
    before = everything(comfy.output_folder / "audio_loop")
    runs = json.loads(get(url, "runs")[1])["runs"]
    (run,) = [each for each in runs if each["name"] == RUN]
    assert (run["finished"], run["windows"]) == (3, 5)
    answer = json.loads(get(url, "runs/windows", run=RUN)[1])
    assert (answer["run"], [window["index"] for window in answer["windows"]]) == (run, [0, 1, 2])
    for window in answer["windows"]:
        status, picture = get(url, "runs/picture", run=RUN, window=window["index"], take=window["takes"][0]["id"])
        assert status == 200
        assert max(Image.open(io.BytesIO(picture)).size) == 384
    assert everything(comfy.output_folder / "audio_loop") == before


def test_no_name_means_the_run_that_was_changed_last(url):
    newest = json.loads(get(url, "runs")[1])["runs"][0]
    assert json.loads(get(url, "runs/windows")[1])["run"] == newest


@pytest.mark.parametrize("name", ["nobody", "../audio_loop/unfinished", "..", ".", "/etc", "unfinished/", "a" * 4000, "\x00"])
def test_what_is_no_run_is_not_looked_for(url, name):
    for path in ("runs/windows", "runs/picture"):
        status, body = get(url, path, run=name, window=0, take="8d8dbc3099aac7c1")
        assert status == 404
        assert json.loads(body)["error"].startswith("there is no run ")


@pytest.mark.parametrize(
    ("window", "take", "status"),
    [
        ("0", "ffffffffffffffff", 404),
        ("0", "", 404),
        ("9", "8d8dbc3099aac7c1", 404),
        ("-1", "8d8dbc3099aac7c1", 400),
        ("x" * 99, "8d8dbc3099aac7c1", 400),
        ("9" * 4000, "8d8dbc3099aac7c1", 400),
    ],
)
def test_a_picture_of_nothing(url, window, take, status):
    assert get(url, "runs/picture", run=RUN, window=window, take=take)[0] == status
