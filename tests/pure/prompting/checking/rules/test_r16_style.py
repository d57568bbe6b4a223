"""R16: one style."""

from __future__ import annotations


def test_another_style_and_none_are_found(found):
    text = "0:00-0:19.88: Style: noir. @ is singing\n0:19.88-0:37.80: @ is singing\n0:37.80+: Style: pop. @ is singing"
    (none, other) = found("R16", text)
    assert (none[0], none[2]) == (2, "no style is named, not 'noir'")
    assert none[3].startswith("0:19.88-0:37.80: Style: noir. A woman")
    assert (other[0], other[2]) == (3, "the style is 'pop', not 'noir'")
    assert other[3].startswith("0:37.80+: Style: noir. A woman")
    assert [line for line, *_ in found("R16", text, style="pop")] == [1, 2]


def test_a_style_that_only_one_has_is_found(found):
    ((line, _, message, nearest),) = found("R16", "0:00-0:19.88: @ is singing\n0:19.88+: Style: noir. @ is singing")
    assert (line, message) == (2, "the style is 'noir', and line 1 names none")
    assert nearest == "leave it out, or name it in all entries"


def test_one_style_or_none_passes(found):
    assert found("R16", "0:00-0:19.88: Style: noir. @ sings\n0:19.88+: Style: noir. @ sings", style="noir") == []
    assert found("R16", "0:00-0:19.88: @ sings\n0:19.88+: @ sings") == []
