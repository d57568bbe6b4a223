"""Files: bytes come back exactly, writes are whole, and nothing of the user's is lost."""

from __future__ import annotations

import json

import pytest

from audio_loop.workflow_graph import document as documents
from audio_loop.workflow_graph.migrations import chain, command, files
from audio_loop.workflow_graph.migrations.migration import MigrationError
from audio_loop.workflow_graph.migrations.steps import ltx_decoder, purge_vram

NOTHING_TO_DO = ("planner_own_stride", "plan_wired")
NAMES = [migration.name for migration in chain.all_migrations() if migration.name not in NOTHING_TO_DO]


@pytest.fixture
def april_file(kit, tmp_path):
    """As the frontend saves: one line, no newline at the end, escaped characters."""
    path = tmp_path / "my graph.json"
    path.write_bytes(json.dumps(kit.april(), separators=(",", ":")).encode())
    return path


@pytest.mark.parametrize("name", NAMES)
def test_every_migration_goes_there_and_back_byte_for_byte(april_file, name):
    before = april_file.read_bytes()
    migration = chain.find(name)
    assert command.main(migration, [str(april_file)]) == 0
    changed = april_file.read_bytes()
    assert changed != before
    assert command.main(migration, [str(april_file)]) == 0
    assert april_file.read_bytes() == changed
    assert command.main(migration, ["--revert", str(april_file)]) == 0
    assert april_file.read_bytes() == before
    assert list(april_file.parent.iterdir()) == [april_file]


@pytest.mark.parametrize(
    "data",
    [
        lambda text: ("\ufeff" + text).encode(),
        lambda text: text.replace("\n", "\r\n").encode(),
        lambda text: (text + "\n\n  ").encode(),
    ],
    ids=["byte order mark", "line ends of Windows", "blanks at the end"],
)
def test_odd_bytes_come_back(april_file, data):
    april_file.write_bytes(data(json.dumps(json.loads(april_file.read_bytes()), indent=4)))
    before = april_file.read_bytes()
    assert command.main(ltx_decoder.migration, [str(april_file)]) == 0
    assert command.main(ltx_decoder.migration, ["--revert", str(april_file)]) == 0
    assert april_file.read_bytes() == before


def test_steps_are_taken_back_in_their_order(april_file):
    first = april_file.read_bytes()
    command.main(ltx_decoder.migration, [str(april_file)])
    second = april_file.read_bytes()
    command.main(purge_vram.migration, [str(april_file)])
    command.main(purge_vram.migration, ["--revert", str(april_file)])
    assert april_file.read_bytes() == second
    command.main(ltx_decoder.migration, ["--revert", str(april_file)])
    assert april_file.read_bytes() == first


def test_an_earlier_step_is_taken_back_by_editing(april_file):
    command.main(ltx_decoder.migration, [str(april_file)])
    command.main(purge_vram.migration, [str(april_file)])
    assert command.main(ltx_decoder.migration, ["--revert", str(april_file)]) == 0
    types = {node["id"]: node["type"] for node in documents.load_workflow(april_file)["nodes"]}
    assert types[1604] == "VAEDecodeTiled"
    assert "PurgeVRAM" in types.values()


def test_a_file_saved_since_is_not_thrown_away(april_file, capsys):
    before = april_file.read_bytes()
    command.main(ltx_decoder.migration, [str(april_file)])
    edited = documents.load_workflow(april_file)
    edited["nodes"][0]["title"] = "mine"
    april_file.write_bytes(json.dumps(edited).encode())
    mine = april_file.read_bytes()
    assert command.main(ltx_decoder.migration, ["--revert", str(april_file)]) == 1
    assert "was saved after" in capsys.readouterr().err
    assert april_file.read_bytes() == mine
    assert command.main(ltx_decoder.migration, ["--revert", "--force", str(april_file)]) == 0
    assert april_file.read_bytes() == before
    assert mine in [step.before for step in files.read(april_file)]


def test_a_crash_between_the_two_writes_loses_nothing(april_file, monkeypatch):
    before = april_file.read_bytes()
    real = documents.save_bytes

    def crash(data, path, *, replace=False):
        if path == april_file:
            raise documents.DocumentError("the disk is full")
        return real(data, path, replace=replace)

    monkeypatch.setattr(documents, "save_bytes", crash)
    assert command.main(ltx_decoder.migration, [str(april_file)]) == 2
    monkeypatch.undo()
    assert april_file.read_bytes() == before
    assert command.main(ltx_decoder.migration, [str(april_file)]) == 0
    assert len(files.read(april_file)) == 1
    assert command.main(ltx_decoder.migration, ["--revert", str(april_file)]) == 0
    assert april_file.read_bytes() == before


@pytest.mark.parametrize(
    "content",
    [
        b"my notes",
        b"{}",
        b'{"kind": "somebody else\'s", "steps": []}',
        b'{"kind": "audio_loop undo", "steps": [{"before": "eA=="}]}',
        # A whole entry: "x", compressed, whose hash is not the one that is kept.
        b'{"kind": "audio_loop undo", "steps": [{"name": "ltx_decoder", "before": "eNqrAAAAeQB5", "sha256_before": "0", '
        b'"sha256_after": "0"}]}',
        b"\xff",
    ],
)
def test_a_file_that_is_no_stack_is_never_touched(april_file, content):
    beside = files.undo_path(april_file)
    beside.write_bytes(content)
    before = april_file.read_bytes()
    assert command.main(ltx_decoder.migration, [str(april_file)]) == 1
    assert command.main(ltx_decoder.migration, ["--revert", str(april_file)]) == 1
    assert (april_file.read_bytes(), beside.read_bytes()) == (before, content)


def test_a_link_to_a_file_stays_a_link(april_file, tmp_path):
    link = tmp_path / "link.json"
    link.symlink_to(april_file)
    before = april_file.read_bytes()
    command.main(ltx_decoder.migration, [str(link)])
    assert link.is_symlink()
    assert april_file.read_bytes() != before
    command.main(ltx_decoder.migration, ["--revert", str(april_file)])
    assert april_file.read_bytes() == before


def test_a_damaged_stack_is_reported(april_file):
    command.main(ltx_decoder.migration, [str(april_file)])
    beside = files.undo_path(april_file)
    beside.write_bytes(beside.read_bytes()[:-200])
    with pytest.raises(MigrationError, match="damaged"):
        files.restore(april_file, "ltx_decoder", write=True)


def test_a_file_that_is_saved_while_it_is_migrated_is_left_alone(april_file, kit):
    other = json.dumps(kit.sound()).encode()

    def work(document):
        april_file.write_bytes(other)
        return chain.migrate(document)

    with pytest.raises(MigrationError, match="was saved by something else meanwhile; run it again"):
        files.change(april_file, work, "migrate", write=True)
    assert list(april_file.parent.iterdir()) == [april_file]
    assert april_file.read_bytes() == other


def test_whether_a_step_could_be_taken_back_is_said_without_doing_it(april_file):
    command.main(ltx_decoder.migration, [str(april_file)])
    changed = april_file.read_bytes()
    assert files.restore(april_file, "ltx_decoder", write=False)
    assert not files.restore(april_file, "purge_vram", write=False)
    assert april_file.read_bytes() == changed
    assert len(files.read(april_file)) == 1


def test_a_step_that_was_never_made_cannot_be_forced_back(april_file):
    before = april_file.read_bytes()
    assert files.force_restore(april_file, "ltx_decoder") is False
    assert april_file.read_bytes() == before
    assert list(april_file.parent.iterdir()) == [april_file]


def test_a_file_that_is_gone_is_named_and_its_earlier_bytes_stay(april_file):
    command.main(ltx_decoder.migration, [str(april_file)])
    april_file.unlink()
    with pytest.raises(MigrationError, match=r"my graph\.json cannot be read: "):
        files.restore(april_file, "ltx_decoder", write=True)
    assert len(files.read(april_file)) == 1
