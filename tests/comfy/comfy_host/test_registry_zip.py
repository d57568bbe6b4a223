"""What the registry hands out works from a folder with a space, a dot and brackets in its name, and writes nothing in it.

It is copied beside a fresh ComfyUI, with nothing but the stand-in that reads the toy model's text encoder.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import stat
import urllib.error
import urllib.parse
import urllib.request

import pytest

from audio_loop.comfy_host.environment import REPOSITORY, ensure_comfyui
from audio_loop.comfy_host.server import ComfyServer
from audio_loop.comfy_host.session import ComfySession
from audio_loop.demo.launch import PACK_NAME, STAND_INS_NAME

from ... import registry_files
from ..shipped import shipped, video_facts, video_of, write_picture, write_song

PACK = "Audio Loop v0.1 (x)"
WRITABLE = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


def state_of(folder):
    """What a write would change: every file's content and time, and every folder's time, which any new name moves."""
    return {
        str(path.relative_to(folder)): (
            path.stat().st_mtime_ns,
            "" if path.is_dir() else hashlib.sha256(path.read_bytes()).hexdigest(),
        )
        for path in (folder, *sorted(folder.rglob("*")))
    }


@pytest.fixture(scope="module")
def pack(tmp_path_factory):
    """The pack's folder, as unpacked and without the right to write."""
    folder = tmp_path_factory.mktemp("comfyui") / "custom_nodes" / PACK
    for path in registry_files.packed():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(REPOSITORY / path, folder / path)
    everything = [folder, *folder.rglob("*")]
    for path in everything:
        path.chmod(path.stat().st_mode & ~WRITABLE)
    yield folder
    for path in everything:
        if path.is_dir():
            path.chmod(path.stat().st_mode | stat.S_IWUSR)


@pytest.fixture(scope="module")
def before(pack):
    return state_of(pack)


@pytest.fixture(scope="module")
def unpacked(pack, before, tiny_models):
    options = ("--cpu", "--models-directory", str(tiny_models))
    # Python would keep its byte code beside the files; taken rights do not hinder an administrator.
    environment = {"OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    stand_ins = {STAND_INS_NAME: REPOSITORY / "demo" / "stand_in_nodes"}
    base = pack.parents[1]
    server = ComfyServer(ensure_comfyui(), base, custom_nodes=stand_ins, arguments=options, environment=environment)
    with ComfySession(server) as session:
        yield session


def get(session, path):
    """Status and content."""
    try:
        with urllib.request.urlopen(session.url + urllib.parse.quote(path, safe="/%"), timeout=30) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        return error.code, b""


def test_the_server_lists_the_templates(unpacked):
    status, listed = get(unpacked, "/workflow_templates")
    assert status == 200
    assert sorted(json.loads(listed)[PACK]) == sorted(path.stem for path in (REPOSITORY / "example_workflows").glob("*.json"))


def test_pages_and_templates_are_served_as_from_any_folder(unpacked):
    web, templates = REPOSITORY / "web", REPOSITORY / "example_workflows"
    paths = [
        *(f"/extensions/{PACK}/{file.relative_to(web).as_posix()}" for file in web.rglob("*") if file.is_file()),
        *(f"/api/workflow_templates/{PACK}/{file.name}" for file in templates.glob("*.*")),
        # The page takes what stands before the first dot for the folder, if it looks for help.
        *(f"/extensions/{PACK.partition('.')[0]}/docs/{file}" for file in ("LoopDoctor.md", "LoopDoctor/zh.md")),
    ]
    assert len(paths) > 200
    answered = {path: get(unpacked, path)[0] for path in paths}
    assert [path for path, status in answered.items() if status != 200] == []
    scripts = [path for path in json.loads(get(unpacked, "/extensions")[1]) if urllib.parse.unquote(path).find(PACK) > 0]
    assert len(scripts) == len(list(web.rglob("*.js")))
    assert [path for path in scripts if get(unpacked, path)[0] != 200] == []
    for above in (f"/extensions/{PACK}/..%2F__init__.py", f"/api/workflow_templates/{PACK}/..%2F__init__.py"):
        assert get(unpacked, above)[0] == 404


def test_of_a_folder_as_git_names_it_all_is_served(comfy):
    status, listed = get(comfy, "/workflow_templates")
    names = json.loads(listed)[PACK_NAME]
    assert (status, [get(comfy, f"/api/workflow_templates/{PACK_NAME}/{name}.json")[0] for name in names]) == (
        200,
        [200] * len(names),
    )
    scripts = [path for path in json.loads(get(comfy, "/extensions")[1]) if path.startswith(f"/extensions/{PACK_NAME}/")]
    assert len(scripts) == len(list((REPOSITORY / "web").rglob("*.js"))) > 0
    assert {get(comfy, path)[0] for path in scripts} == {200}


def test_a_shipped_template_is_rendered_and_nothing_is_written_beside_the_pack(unpacked, pack, before, tmp_path):
    song = unpacked.add_input(write_song(tmp_path / "song.wav", 4.0))
    picture = unpacked.add_input(write_picture(tmp_path / "face.png"))
    result = unpacked.run(shipped(song, picture, n1527_value=5), timeout=200)
    facts = video_facts(video_of(unpacked, result))
    assert (facts["frames"], facts["size"]) == (100, (128, 64))
    assert state_of(pack) == before
    assert [line for line in unpacked.server.log_text().splitlines() if "Traceback" in line or "IMPORT FAILED" in line] == []
