"""Each rule that needs song or machine: a graph that trips it, and one that does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from audio_loop.loop_control.audio_facts import AudioFacts

STYLE = "Style: cinematic. A singer in a green jacket"
LONG = f"0:00-1:30: {STYLE} is singing, medium close-up.\n1:30+: {STYLE} is dancing, medium close-up."


def test_the_default_workflow_trips_nothing(check):
    assert check().audit.reported == ()


def song(seconds):
    return AudioFacts(batch=1, channels=2, samples=round(seconds * 44_100), sample_rate=44_100)


@pytest.mark.parametrize(
    ("seconds", "edit", "says"),
    [
        (0.2, None, "audio is 0.2 s long; the loop needs at least 0.5 s"),
        (240, (526, "value", 0.0), "fps"),
        (240, (1560, "seed_overrides", "nonsense"), "seed override"),
    ],
)
def test_numbers_that_give_no_plan(check, widget, seconds, edit, says):
    found = check(*([widget(*edit)] if edit else []), song=song(seconds))
    planned = [each for each in found.audit.reported if each.rule.code == "plan_possible"]
    assert len(planned) == 1
    assert says in planned[0].finding.message
    assert planned[0].finding.node_id == "1560"
    assert found.errors >= 1
    assert found.plan is None


def test_numbers_that_give_no_plan_for_the_finish(check_two_stages, check_trips, widget):
    found = check_two_stages(widget(2503, "value", 0.3))
    (reported,) = check_trips(found, "plan_possible", "smallest overlap that works is 0.36 s", severity="ERR")
    assert reported.finding.node_id == "2505"
    assert found.plan is not None
    assert check_two_stages().audit.reported == ()


def test_a_capped_draft_is_too_short_for_its_finish(check_two_stages, check_trips, widget):
    """A draft of one iteration has 945 frames; the finish has windows of 193 that lie 168 apart."""
    capped, both = widget(1560, "max_iterations", 1), widget(2500, "stage", "both")
    says = "the draft has 945 frames, but the video of the finish 6000: .* max_iterations of this stage's planner to 4 to"
    check_trips(check_two_stages(capped, both), "draft_covers_finish", says, severity="ERR")
    check_trips(check_two_stages(widget(1560, "windows", "1"), both), "draft_covers_finish", says, severity="ERR")
    for fine in ([capped], [both], [capped, both, widget(2505, "max_iterations", 4)]):
        assert check_two_stages(*fine).audit.reported == ()
    assert check_two_stages(capped, both, widget(2505, "max_iterations", 5)).errors == 1


def test_numbers_that_give_a_plan(check):
    assert check(song=song(0.5)).plan.iterations == 0
    assert check(song=song(240)).plan.iterations == 13


def test_a_section_that_never_shows(check, check_trips, widget):
    text = f"{LONG}\n4:10+: {STYLE} is bowing, medium close-up."
    (reported,) = check_trips(
        check(widget(1559, "schedule", text)),
        "sections_shown",
        "node 1559 .*line 3, asked for 4:10.00: never shows",
        severity="WARN",
    )
    assert reported.finding.node_id == "1559"


def test_sections_that_all_show(check, widget):
    assert check(widget(1559, "schedule", LONG)).audit.reported == ()


def test_a_section_shorter_than_half_a_stride(check, check_trips, widget):
    text = f"0:00-1:30: {STYLE} is singing.\n1:30-1:38: {STYLE} is bowing.\n1:38+: {STYLE} is dancing."
    found = check(widget(1559, "schedule", text))
    check_trips(found, "section_length", "line 2 lasts 8.0 s, less than half of the stride of 17.92 s", severity="WARN")


def test_a_section_of_just_half_a_stride(check, widget):
    text = f"0:00-1:30: {STYLE} is singing.\n1:30-1:38.96: {STYLE} is bowing.\n1:38.96+: {STYLE} is dancing."
    assert check(widget(1559, "schedule", text)).audit.reported == ()


def test_a_last_section_is_as_long_as_it_was_asked_for(check, widget):
    text = f"0:00-3:50: {STYLE} is singing.\n3:50-4:20: {STYLE} is bowing."
    assert check(widget(1559, "schedule", text)).audit.reported == ()


def test_an_output_folder_that_cannot_be_written_to(check, check_trips):
    check_trips(check(is_writable=False), "target_folder", "/output cannot be written to", severity="ERR")


@pytest.mark.parametrize("prefix", ["../video", "/tmp/video", "C:\\video"])
def test_a_name_outside_the_output_folder(check, check_trips, widget, prefix):
    check_trips(check(widget(1604, "filename_prefix", prefix)), "target_folder", "node 1604 .*prefix", severity="ERR")


def test_a_name_in_a_folder_of_its_own(check, widget):
    assert check(widget(1604, "filename_prefix", "my songs/first")).audit.reported == ()


def test_a_missing_model_is_told_once_with_its_folder(check, check_trips):
    found = check(has_file=lambda _type, _name, value: "fp8" not in value)
    (reported,) = check_trips(found, "files_there", "ckpt_name .* not there; .*node 416.*node 1538", severity="ERR")
    assert "models/checkpoints" in reported.mend


def test_a_missing_picture(check, check_trips):
    found = check(has_file=lambda node_type, *_: node_type != "LoadImage")
    (reported,) = check_trips(found, "files_there", "node 444 .*'example.png', which is not there", severity="ERR")
    assert "input of ComfyUI" in reported.mend


def test_files_that_nobody_can_tell_of(check):
    assert check(has_file=lambda *_: None).audit.reported == ()


def test_windows_that_do_not_fit_on_the_disk(check, check_trips):
    found = check(free_bytes=100 * 10**6)
    check_trips(found, "disk_room", r"need 158 MB in /output, where 100 MB are free", severity="ERR")


def test_windows_that_fit_or_are_not_kept(check, widget):
    assert check(free_bytes=158 * 10**6).audit.reported == ()
    assert check(widget(2203, "value", False), free_bytes=0).audit.reported == ()


def test_nothing_is_said_of_a_machine_that_is_not_known(check):
    found = check(output_folder=None, free_bytes=None, has_file=None)
    assert found.audit.reported == ()
    assert len(found.not_looked_at) == 2
    assert check(on_disk=lambda *_: frozenset()).not_looked_at == ()
    outside = check(output_folder=Path("/output")).not_looked_at
    assert outside == ("windows that are on disk already: they are known inside ComfyUI only, by its Check button",)
