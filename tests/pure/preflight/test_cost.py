"""Time and memory of windows that this machine has not made yet: by others that it made, else by its card."""

from __future__ import annotations

import shutil
from dataclasses import replace
from fractions import Fraction

import pytest

from audio_loop.comfy_host.environment import REPOSITORY
from audio_loop.cost.cards import card_named
from audio_loop.preflight.check import preflight
from audio_loop.preflight.expectations import expectations
from audio_loop.preflight.measured import CountedSize, MadeWindow, made_windows
from audio_loop.workflow_graph.document import load

from .conftest import FOUR_MINUTES, SOUND_MACHINE
from .test_estimate_command import chosen

GOLDEN = REPOSITORY / "tests" / "golden" / "stored_runs"
FOUR_MINUTES_PFLOP = 113.6


def other(seconds, *, window_px=241, tokens=26 * 14):
    return MadeWindow(seconds, None, window_px, 1000, CountedSize(window_px, Fraction(25), tokens))


def lines(found):
    return {line.partition(":")[0]: line for line in expectations(found)}


def test_without_anything_known_the_count_tells_of_a_usual_card(check):
    told = lines(check())
    assert told["time"] == (
        "time: unknown; this machine has not made a window of this size and length yet; by count at least 12.7 min on an "
        "RTX 4090, at 45% of its peak; compute sets that"
    )
    assert told["memory"].endswith(
        "; by count 21.4 GiB with all weights on the card, 4.5 GiB with weights brought block by block"
    )
    assert told["cheaper"] == "cheaper: windows of 12 s would take 0.93 of the work"


def test_the_machine_s_own_card_counts_if_it_is_known(check):
    told = lines(check(card=card_named("RTX 4070")))
    assert "by count at least 36.1 min here (RTX 4070), at 45% of its peak" in told["time"]
    assert told["memory"].endswith("; the card has 12.0 GiB")


def test_windows_of_other_sizes_say_how_fast_the_machine_is(check):
    small = check(made=(other(30.0), other(31.0), other(32.0)))
    cost = small.cost
    assert cost.operations / 1e15 == pytest.approx(FOUR_MINUTES_PFLOP, abs=0.1)
    half_as_fast = check(made=(other(60.0), other(62.0), other(64.0))).cost
    assert half_as_fast.measured_seconds == pytest.approx(2 * cost.measured_seconds)
    assert lines(small)["time"].startswith(f"time: about {cost.measured_seconds / 60:.1f} min by windows of other sizes")
    assert lines(small)["memory"].startswith("memory: by count 21.4 GiB")
    quarter = check(made=(other(30.0, tokens=13 * 7),)).cost
    assert quarter.measured_seconds > 3 * cost.measured_seconds, "the same time for less work is a slower machine"


def test_a_window_of_the_same_size_is_believed_before_any_rate(check):
    same = MadeWindow(60.0, None, 497, 63 * 128 * 26 * 14 * 4 + 9000)
    assert "1 window of this size took 60.0 s each here" in lines(check(made=(same, other(1.0))))["time"]


def test_windows_on_disk_are_not_counted(check):
    there = check(card=card_named("RTX 4090"), on_disk=lambda _, windows: frozenset(range(7)) & frozenset(windows.indexes))
    assert there.cost.operations / 1e15 == pytest.approx(53.8, abs=0.1)
    done = check(on_disk=lambda _, windows: frozenset(windows.indexes))
    assert lines(done)["time"].startswith("time: unknown")
    assert "by count" not in lines(done)["time"]


def test_a_card_on_which_a_step_does_not_fit_is_warned_of_with_what_would(check, check_trips, widget):
    tiny = replace(card_named("RTX 3070"), memory_gib=4.4)
    found = check(card=tiny)
    (reported,) = check_trips(
        found, "fits_card", r"the RTX 3070: .*needs 4.5 GiB .* has 4.4 GiB; windows of 12 s", severity="WARN"
    )
    assert "window_seconds" in reported.mend
    assert "by count at least" not in lines(found)["time"]
    assert check(card=replace(tiny, memory_gib=4.6)).audit.reported == ()
    nothing = check(card=replace(tiny, memory_gib=1))
    check_trips(nothing, "fits_card", "and the card has 1.0 GiB$", severity="WARN")


def test_stored_runs_say_their_size(tmp_path):
    runs = sorted(path.parent for path in GOLDEN.rglob("manifest.json"))
    for number, run in enumerate(runs):
        shutil.copytree(run, tmp_path / f"run_{number}")
    counted = [each.counted for each in made_windows(tmp_path)]
    assert [each for each in counted if each is not None]
    assert {each.tokens_per_latent for each in counted if each is not None} <= set(range(1, 200))


def test_windows_of_both_stages_take_room_on_the_disk():
    def needed(stage):
        prompt = load(REPOSITORY / "example_workflows" / "api" / "audio-loop-music-video.json")
        chosen(prompt, stage)
        return preflight(prompt, FOUR_MINUTES, SOUND_MACHINE).needed_bytes

    draft, both = needed("draft"), needed("both")
    second = 128 * 4 * (1280 // 32) * (704 // 32) * 25
    assert both - draft == pytest.approx(35 * second, rel=0.05)


def test_windows_of_unknown_size_say_nothing_of_how_fast_the_machine_is(check):
    unknown = MadeWindow(1.0, None, 241, 1000)
    assert check(made=(unknown,)).cost.seconds_per_operation is None
    assert check(made=(unknown, other(30.0))).cost.measured_seconds == check(made=(other(30.0),)).cost.measured_seconds
