from __future__ import annotations

import pytest

from audio_loop.workflow_graph.audit.wording import WORDINGS
from audio_loop.workflow_graph.shipped.classic_options import SCHEDULE

RULE = "prompt_wording"


def test_clean(check_clean, ours, classic):
    check_clean(RULE, ours(), classic())


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("wide shot", "wide framing"),
        ("Extreme wide-angle shot", "wide framing"),
        ("wide stage framing", "wide framing"),
        ("dolly in", "camera move"),
        ("jib up", "camera move"),
        ("slow zoom", "camera move"),
        ("handheld sway", "camera move"),
        ("the camera slowly orbits her", "camera move"),
        ("she is performing", "vague verb"),
        ("they are vocalising", "vague verb"),
        ("he is speaking", "vague verb"),
    ],
)
def test_each_wording_is_found_with_its_line(check_finds, classic, words, kind):
    changed = SCHEDULE.replace("soft stage light", words, 1)
    (found,) = check_finds(RULE, classic(schedule=changed), f"schedule, line 1: .* is a {kind}", severity="WARN")
    assert any(kind in wording.kind and wording.why == found.why and wording.instead in found.mend for wording in WORDINGS)


def test_the_last_section_may_move_the_camera_but_not_be_wide(check_clean, check_finds, classic):
    check_clean(RULE, classic(schedule=SCHEDULE[:-1] + ", dolly out"))
    check_finds(RULE, classic(schedule=SCHEDULE[:-1] + ", wide shot"), "line 2", severity="WARN")


def test_the_first_prompt_is_read_where_it_is_typed(check_finds, classic):
    check_finds(RULE, classic(first_prompt="a wide shot of a stage"), "node 169 .*its prompt", severity="WARN")


def test_a_still_camera_and_a_visible_verb_are_left_alone(check_clean, classic):
    check_clean(RULE, classic(schedule="0:00+: a worldwide star is playing the guitar, static camera, no zoom"))


def test_an_unreadable_schedule_is_left_to_its_own_rule(check_clean, classic):
    check_clean(RULE, classic(schedule="0:00-1:75: wide shot"))
