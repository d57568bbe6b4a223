"""A command is printed only for a finding that it mends in this very graph, and `mend FILE` says what it did not do."""

from __future__ import annotations

import pytest

from audio_loop.comfy_host.environment import REPOSITORY
from audio_loop.workflow_graph import command_line
from audio_loop.workflow_graph import document as documents
from audio_loop.workflow_graph.audit.engine import audit, select
from audio_loop.workflow_graph.mending import mend as mending
from audio_loop.workflow_graph.mending import tried
from audio_loop.workflow_graph.mending.mend import mend
from audio_loop.workflow_graph.mending.remedies import remedy_in
from audio_loop.workflow_graph.mending.tried import with_tried_commands

SOUND = REPOSITORY / "example_workflows" / "audio-loop-music-video_latent.json"
RULE = "preprocess_compression"


@pytest.fixture
def faulty(classic):
    """A graph with one finding that a command mends."""
    return classic(compression=0)


def found_in(document):
    return audit(document, select([RULE]))


def test_a_command_that_helps_is_printed(faulty):
    found = found_in(faulty)
    assert [r.rule.code for r in found.reported] == [RULE]
    assert with_tried_commands(found, faulty) == found
    assert remedy_in(found.reported[0].mend) is not None


def test_a_command_that_finds_nothing_to_do_or_cannot_be_made_gives_way_to_the_hand(faulty, classic):
    found = found_in(faulty)
    unreadable = {**faulty, "nodes": [{"type": "no id"}]}
    for document in (classic(), unreadable):
        (reported,) = with_tried_commands(found, document).reported
        assert reported.mend == "set img_compression of that node to 18"
        assert remedy_in(reported.mend) is None


def test_a_finding_that_is_to_be_mended_by_hand_stays_as_it_is(classic):
    document = classic(sampler="euler_ancestral")
    found = audit(document, select(["sampler_type"]))
    assert found.reported
    assert remedy_in(found.reported[0].mend) is None
    assert with_tried_commands(found, document) == found


def test_the_commands_of_a_very_large_graph_are_printed_untried(faulty, classic, monkeypatch):
    found, other = found_in(faulty), classic()
    monkeypatch.setattr(tried, "MOST_NODES", len(other["nodes"]))
    assert with_tried_commands(found, other) is found


def test_mending_ends_though_commands_undo_each_other_for_ever(faulty, monkeypatch):
    rounds = []
    monkeypatch.setattr(mending, "_one_round", lambda course, schemas: rounds.append(course.document) or True)
    outcome = mend(faulty)
    assert len(rounds) == mending.MOST_ROUNDS
    assert outcome.made == (RULE,)


@pytest.mark.parametrize("arguments", [["-o", "new.json", "a.json", "b.json"], ["-o", "new.json", "--revert", "a.json"]])
def test_another_file_takes_one_graph_and_takes_nothing_back(arguments, capsys):
    assert command_line.main(["mend", *arguments]) == 2
    assert capsys.readouterr().err == "error: -o takes exactly one FILE, and does not go with --revert\n"


def test_a_sound_file_has_nothing_left_and_stays(tmp_path, capsys):
    path = tmp_path / "sound.json"
    path.write_bytes(SOUND.read_bytes())
    assert command_line.main(["mend", str(path)]) == 0
    assert f"{path}: nothing is left" in capsys.readouterr().out
    assert path.read_bytes() == SOUND.read_bytes()
    assert command_line.main(["mend", "--revert", str(path)]) == 1
    assert "mend was not the last thing made here; nothing to take back" in capsys.readouterr().err


def test_a_file_that_cannot_be_read_does_not_keep_the_others_from_their_turn(tmp_path, faulty, capsys):
    bad, good, new = tmp_path / "bad.json", tmp_path / "good.json", tmp_path / "new.json"
    bad.write_bytes(b"{")
    documents.save(faulty, good)
    before = good.read_bytes()
    assert command_line.main(["mend", "--dry-run", str(bad), str(good)]) == 2
    said = capsys.readouterr()
    assert said.err.startswith("error: ")
    assert str(bad) in said.err
    assert f"{good}: would change ({RULE})" in said.out
    assert command_line.main(["mend", "--dry-run", "-o", str(new), str(good)]) == 0
    assert f"{good}: would go to {new} ({RULE})" in capsys.readouterr().out
    assert (good.read_bytes(), new.exists()) == (before, False)
