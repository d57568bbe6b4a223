"""R3: the subject, to the byte."""

from __future__ import annotations

from audio_loop.prompting.checking.subject import derive_subject

from ..conftest import SINGER


def test_the_nearest_is_the_line_with_the_subject(found):
    text = "0:00-0:19.88: @ is singing\n0:19.88+: A woman with grey hair in a red coat is dancing"
    assert found("R3", text) == [
        (
            2,
            "error",
            "'A woman with grey hair in a red coat' stands in the place of the subject",
            f"0:19.88+: {SINGER} is dancing",
        )
    ]


def test_a_space_of_another_kind_is_replaced_with_the_words_around_it(found):
    other = SINGER.replace(" ", "\u00a0", 1)
    ((_, _, message, nearest),) = found("R3", f"0:00-0:19.88: @ is singing\n0:19.88+: {other} is dancing")
    assert message == f"{other!r} stands in the place of the subject"
    assert nearest == f"0:19.88+: {SINGER} is dancing"


def test_a_pronoun_and_a_second_subject_are_found(found):
    (missing, twice) = found("R3", "0:00-0:19.88: She is singing\n0:19.88+: @ is dancing beside @")
    assert missing[2:] == ("the subject is missing", f"put {SINGER!r} before the verb")
    assert twice[:2] == (2, "warning")


def test_entries_without_anything_in_common_are_told(found):
    assert found("R3", "0:00-0:19.88: rain\n0:19.88+: sun", subject=None)[0][2] == "the entries have no subject in common"


def test_the_subject_is_found_in_the_entries():
    def derived(*texts):
        found = derive_subject(texts)
        return found and found.text

    assert derived("Style: noir. A cat is asleep", "Style: noir. A cat is awake") == "A cat"
    assert derived("A cat is asleep", "A cat is awake", "The dog is awake") == "A cat"
    assert derived("A cat is asleep", "The dog is awake") == "A cat"
    assert derived("Two sisters are singing", "Two sisters are dancing, which is fun") == "Two sisters"
    assert derived("A tall cat sings, close-up", "A tall cat dances, close-up") == "A tall cat"
    assert derived("Rain.", "Sun.") is None


def test_what_entries_share_behind_their_verb_is_no_subject():
    texts = ["A woman in a red coat is singing. Medium close-up, still", "A girl is singing. Medium close-up, still"]
    assert derive_subject(texts).text == "A woman in a red coat"
