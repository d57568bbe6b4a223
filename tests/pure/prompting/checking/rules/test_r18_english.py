"""R18: the language that the rules read."""

from __future__ import annotations


def test_other_alphabets_are_told(found):
    assert found("R18", "0:00+: 一个女人在唱歌", subject=None)[0][:2] == (1, "warning")
    assert found("R18", "0:00+: @ поёт на сцене") != []


def test_names_with_accents_are_left_alone(found):
    assert found("R18", "0:00+: @ is singing in a café in São Paulo") == []
