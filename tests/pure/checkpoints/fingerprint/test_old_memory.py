import json
import os

import pytest

from audio_loop.checkpoints.fingerprint.old_memory import remove_old_memory

OURS = {"format": "audio_loop.file_hashes", "algorithm": "blake3", "files": {"/home/somebody/model": [1, 2, "00"]}}


def test_what_an_earlier_version_wrote_is_removed(tmp_path):
    path = tmp_path / "file_hashes.json"
    path.write_text(json.dumps(OURS))
    assert remove_old_memory(path)
    assert not path.exists()
    assert not remove_old_memory(path)


@pytest.mark.parametrize("content", [b"", b"[]", b"not json", b'{"format": "audio_loop.file_hashes.2"}', b'{"format": 1}'])
def test_anything_else_stays(tmp_path, content):
    path = tmp_path / "file_hashes.json"
    path.write_bytes(content)
    assert not remove_old_memory(path)
    assert path.read_bytes() == content


def test_folders_pipes_and_links_stay(tmp_path):
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "real").write_text(json.dumps(OURS))
    (tmp_path / "link").symlink_to("real")
    for name in ("folder", "pipe", "link"):
        assert not remove_old_memory(tmp_path / name)
        assert (tmp_path / name).exists()
