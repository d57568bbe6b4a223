"""What an update of ComfyUI or of this pack does to windows on disk, and how often a run's folder is read for a window."""

from __future__ import annotations

from .test_canvas_windows import graph as canvas_graph
from .test_checkpoint_windows import EVERY, graph

OLD, NEW, NEWER = ({"comfyui": version, "audio-loop": "0.1.0"} for version in ("0.33.0", "0.34.1", "0.35.0"))
USED = "windows 0 to 2 were made with ComfyUI 0.33.0 and are used; this is ComfyUI 0.34.1"


def stopped_in(session, window, prompt, versions):
    """Windows made by a render that ends in this one."""
    session.spoil(**{f"n{window}": "nan"})
    assert not session.run(prompt, versions=versions)[0]["ok"]
    session.spoil()
    return session.made()


def test_an_unfinished_run_goes_on_and_says_so(session):
    assert stopped_in(session, 3, graph(), OLD) == [0, 1, 2, 3]
    (answer,) = session.good(graph(), versions=NEW)
    assert session.made() == [3, 4]
    last = [text for text in answer["texts"] if "from disk" in text][-1]
    assert last.splitlines() == ["3 of 5 from disk, 2 made", USED, "window 4: a"]
    # What two versions finished together is found from disk; for a third one it is a finished run.
    (answer,) = session.good(graph(), versions=NEW)
    assert session.made() == []
    assert any(USED in text for text in answer["texts"])
    session.good(graph(), versions=NEWER)
    assert session.made() == EVERY


def test_a_finished_run_is_made_again_and_goes_on_being_made_again(session):
    session.good(graph(), versions=OLD)
    assert session.made() == EVERY
    assert stopped_in(session, 2, graph(), NEW) == [0, 1, 2]
    (answer,) = session.good(graph(), versions=NEW)
    assert session.made() == [2, 3, 4]
    said = "the run was finished with ComfyUI 0.33.0, this is ComfyUI 0.34.1: its windows are made again"
    assert any(said in text for text in answer["texts"])
    session.good(graph(), versions=NEW)
    assert session.made() == []
    # Nothing was overwritten: both versions' takes are there.
    assert session.kept() == sorted([*EVERY, *EVERY])
    session.good(graph(), versions=OLD)
    assert session.made() == []


def test_a_choice_overrides_both(session):
    assert stopped_in(session, 3, graph(), OLD) == [0, 1, 2, 3]
    session.good(graph(after_update="make again"), versions=NEW)
    assert session.made() == EVERY
    session.good(graph(after_update="use finished windows"), versions=NEWER)
    assert session.made() == []


def test_the_pack_has_a_version_too_and_an_edit_is_an_edit(session):
    assert stopped_in(session, 3, graph(), OLD) == [0, 1, 2, 3]
    (answer,) = session.good(graph("0: a, 2: b"), versions=OLD | {"audio-loop": "0.2.0"})
    assert session.made() == [2, 3, 4]
    used = "windows 0 to 1 were made with Audio Loop 0.1.0 and are used; this is Audio Loop 0.2.0"
    assert any(used in text for text in answer["texts"])


def test_locked_windows_and_picked_takes_stay(session):
    session.good(graph(run_name="kept"), versions=OLD)
    session.made()
    session.good(graph(run_name="kept", locked="1", takes="3: 1"), versions=NEW)
    assert session.made() == [0, 2, 4]


def test_another_run_is_asked_by_the_same_rule(session):
    assert stopped_in(session, 3, graph(run_name="one"), OLD) == [0, 1, 2, 3]
    session.good(graph(run_name="other"), versions=NEW)
    assert session.made() == [3, 4]
    # "other" is a finished run now.
    session.good(graph(run_name="third"), versions=NEWER)
    assert session.made() == [3, 4]
    session.good(graph(run_name="fourth", after_update="use finished windows"), versions=NEWER | {"audio-loop": "0.2.0"})
    assert session.made() == []


def test_the_run_is_read_once_for_a_window_that_is_on_disk(session):
    session.good(graph())
    outcome = session.runner.run(session.folder, [graph()], ["show"])
    assert outcome.answers[0]["ok"]
    assert outcome.run_reads == len(EVERY)


def test_a_run_with_anchors_first_is_finished_with_its_last_gap(session):
    """Window 4 is there and window 3 is not: a later version goes on with it."""
    prompt = canvas_graph()
    session.spoil(n5="nan")
    assert not session.run(prompt, versions=OLD)[0]["ok"]
    session.spoil()
    assert session.made() == [0, 2, 4, 1, 3, 5]
    session.good(prompt, versions=NEW)
    assert session.made() == [5]
    session.good(prompt, versions=NEWER)
    assert session.made() == [0, 2, 4, 1, 3, 5]
