"""The folder a server of ours works in."""

from __future__ import annotations

import pytest

from audio_loop.comfy_host.base_directory import FOLDERS, prepare_base_directory


def test_folders_and_links_are_made_and_making_them_again_changes_nothing(tmp_path):
    pack = tmp_path / "pack"
    pack.mkdir()
    for _ in range(2):
        base = prepare_base_directory(tmp_path / "base", {"audio-loop": pack})
    assert sorted(path.name for path in base.iterdir()) == sorted(FOLDERS)
    assert (base / "custom_nodes" / "audio-loop").resolve() == pack


def test_a_link_follows_a_pack_that_moved(tmp_path):
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        base = prepare_base_directory(tmp_path / "base", {"pack": tmp_path / name})
    assert (base / "custom_nodes" / "pack").resolve() == tmp_path / "new"


def test_a_real_folder_of_the_users_is_never_replaced(tmp_path):
    (tmp_path / "pack").mkdir()
    mine = tmp_path / "base" / "custom_nodes" / "pack"
    mine.mkdir(parents=True)
    (mine / "mine.py").touch()
    with pytest.raises(FileExistsError):
        prepare_base_directory(tmp_path / "base", {"pack": tmp_path / "pack"})
    assert (mine / "mine.py").exists()


def test_a_pack_that_does_not_exist_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError):
        prepare_base_directory(tmp_path / "base", {"pack": tmp_path / "gone"})
