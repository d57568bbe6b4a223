from __future__ import annotations

from audio_loop.workflow_graph.shipped.classic_options import FIRST_PROMPT, SCHEDULE

RULE = "prompt_byte_exact"


def first(text):
    def edit(graph):
        graph.node(169).widgets["text"] = text

    return edit


def test_clean(check_clean, ours, classic):
    check_clean(RULE, ours(), classic(), classic(first_prompt=FIRST_PROMPT), classic(clip_in_loop=True))


def test_one_other_byte_is_found(check_finds, classic):
    changed = FIRST_PROMPT.replace("green", "Green")
    at = FIRST_PROMPT.index("green") + 1
    check_finds(RULE, classic(first_prompt=changed), f"node 169 .*from character {at} on", severity="WARN")


def test_a_longer_first_prompt_is_found(check_finds, classic):
    longer = FIRST_PROMPT + " More."
    check_finds(RULE, classic(first_prompt=longer), f"from character {len(FIRST_PROMPT) + 1} on", severity="WARN")


def test_another_subject_is_found(check_finds, classic):
    changed = SCHEDULE.replace("green jacket is dancing", "red jacket is dancing")
    check_finds(RULE, classic(schedule=changed), "the subject changes: .*green jacket' / .*red jacket'", severity="WARN")


def test_entries_without_a_recognisable_subject_are_left_alone(check_clean, classic):
    check_clean(RULE, classic(schedule="0:00-1:00: neon lights at night\n1:00+: an empty stage"))


def test_an_unreadable_schedule_is_left_to_its_own_rule(check_clean, classic):
    check_clean(RULE, classic(schedule="nonsense"))


def test_fixed(check_fixed, classic):
    check_fixed(RULE, classic(first_prompt="other"), first(FIRST_PROMPT))
