"""Windows that other versions made: which takes count as the window asked for, when they are used, and how that is told."""

from __future__ import annotations

import pytest

from audio_loop.checkpoints.runs.after_update import AS_THE_RUN_NEEDS, MAKE_AGAIN, USE
from audio_loop.checkpoints.runs.manifest import Manifest, StoredTake
from audio_loop.checkpoints.runs.other_versions import may_use_others, takes_of_others, told_versions, used_text
from audio_loop.checkpoints.take import Retake, Take, segment_file_name

LAST = 4


def components(comfyui="old", pack="old", words="a", **more):
    return {"value words": words, "version comfyui": comfyui, "version audio-loop": pack, "version fingerprint": "2", **more}


def digest(name):
    return f"{sum(map(ord, name)):064x}"


def stored(index, name, made_of, **fields):
    return StoredTake(segment_file_name(index, digest(name)), Take(digest(name), components=made_of, **fields))


def run(*takes):
    manifest = Manifest("run")
    for index, name, made_of in takes:
        manifest = manifest.with_take(index, stored(index, name, made_of), choose=True)
    return manifest


NOW = components("new")


@pytest.mark.parametrize(
    ("made_of", "is_meant"),
    [
        (components(), True),
        (components("older", "older"), True),
        (components(words="b"), False),
        (components(seed="7"), False),
        (components() | {"version fingerprint": "1"}, False),
        (components() | {"version other": "1"}, False),
    ],
)
def test_only_the_versions_of_comfyui_and_of_this_pack_may_differ(made_of, is_meant):
    assert takes_of_others(run((0, "a", made_of)).window(0), NOW) == ((digest("a"),) if is_meant else ())


def test_of_several_the_chosen_one_is_meant_then_the_newest():
    manifest = run((0, "a", components("1")), (0, "b", components("2")), (0, "c", components("3")))
    assert takes_of_others(manifest.window(0), NOW) == (digest("c"), digest("b"), digest("a"))
    chosen = manifest.with_choice(0, digest("a"), locked=False).window(0)
    assert takes_of_others(chosen, NOW) == (digest("a"), digest("c"), digest("b"))


@pytest.mark.parametrize("says_of_what", [True, False])
def test_a_retake_is_asked_for_by_what_it_replaces(says_of_what):
    """A retake of today has the components of what it replaces; one of before is found through that take alone."""
    made_of = {"retake": "0" * 12} | (components() if says_of_what else {})
    again = stored(0, "again", made_of, retake=Retake(digest("a"), "0" * 64, "1" * 64))
    both = run((0, "a", components())).with_take(0, again, choose=True)
    assert takes_of_others(both.window(0), NOW) == (digest("a"),)
    alone = both.without_take(0, digest("a"))
    assert takes_of_others(alone.window(0), NOW) == ((digest("a"),) if says_of_what else ())


@pytest.mark.parametrize(
    ("takes", "is_used"),
    [
        ([(0, "a", components())], True),
        ([(0, "a", components()), (LAST, "z", components())], False),
        ([(0, "a", components()), (LAST, "z", components("new", "older"))], False),
        # Begun by others, finished by these.
        ([(0, "a", components()), (LAST, "z", NOW)], True),
        # What finished it first is on disk too, but not in the video any more.
        ([(LAST, "y", components()), (LAST, "z", components("new", words="b"))], True),
        # Nobody knows what made the last one.
        ([(LAST, "z", {})], True),
    ],
)
def test_an_unfinished_run_goes_on_and_one_that_others_finished_is_made_again(takes, is_used):
    assert may_use_others(AS_THE_RUN_NEEDS, run(*takes), LAST, NOW) == is_used
    assert may_use_others(USE, run(*takes), LAST, NOW)
    assert not may_use_others(MAKE_AGAIN, run(*takes), LAST, NOW)


def test_what_this_graph_shows_says_who_finished_the_run():
    manifest = run((LAST, "y", components()), (LAST, "z", NOW)).with_choice(LAST, digest("y"), locked=False, by="mine")
    manifest = manifest.with_choice(LAST, digest("z"), locked=False, by="other")
    assert not may_use_others(AS_THE_RUN_NEEDS, manifest, LAST, NOW, "mine")
    assert may_use_others(AS_THE_RUN_NEEDS, manifest, LAST, NOW, "other")


@pytest.mark.parametrize("says_of_what", [True, False])
def test_a_retake_of_the_last_window_finished_nothing_by_itself(says_of_what):
    made_of = {"retake": "0" * 12} | (components() if says_of_what else {})
    again = stored(LAST, "again", made_of, retake=Retake(digest("z"), "0" * 64, "1" * 64))
    manifest = run((LAST, "z", components())).with_take(LAST, again, choose=True)
    assert not may_use_others(AS_THE_RUN_NEEDS, manifest, LAST, NOW)
    assert may_use_others(AS_THE_RUN_NEEDS, manifest, LAST, components())


MINE = {"comfyui": "0.34.1", "audio-loop": "0.1.0"}


@pytest.mark.parametrize(
    ("made_of", "versions", "told"),
    [
        (components(), {"comfyui": "0.33.0", "audio-loop": "0.1.0"}, ("ComfyUI 0.33.0", "ComfyUI 0.34.1")),
        (components("new", "older"), {"comfyui": "0.34.1", "audio-loop": "0.0.9"}, ("Audio Loop 0.0.9", "Audio Loop 0.1.0")),
        (
            components("old", "older"),
            {"comfyui": "0.33.0", "audio-loop": "0.0.9"},
            ("ComfyUI 0.33.0 and Audio Loop 0.0.9", "ComfyUI 0.34.1 and Audio Loop 0.1.0"),
        ),
        (components(), {}, ("another ComfyUI", "ComfyUI 0.34.1")),
        (NOW, MINE, ("", "")),
        # A retake that was made with these versions of a window that others made.
        (components(), MINE, ("", "")),
    ],
)
def test_versions_are_told_as_far_as_they_differ(made_of, versions, told):
    take = Take(digest("a"), components=made_of, versions=versions)
    assert told_versions(run().window(0), take, NOW, MINE) == told


def test_one_line_tells_which_windows_are_of_other_versions():
    old, unknown = ("ComfyUI 0.33.0", "ComfyUI 0.34.1"), ("another ComfyUI", "ComfyUI 0.34.1")
    assert used_text({}) == ""
    assert used_text({0: old}) == "window 0 was made with ComfyUI 0.33.0 and is used; this is ComfyUI 0.34.1"
    assert used_text({2: old, 0: old, 1: old}) == (
        "windows 0 to 2 were made with ComfyUI 0.33.0 and are used; this is ComfyUI 0.34.1"
    )
    assert used_text({0: unknown, 1: old, 4: unknown}) == (
        "windows 0, 4 were made with another ComfyUI and are used; this is ComfyUI 0.34.1; "
        "window 1 was made with ComfyUI 0.33.0 and is used; this is ComfyUI 0.34.1"
    )
