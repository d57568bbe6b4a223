"""R11: neighbours differ."""

from __future__ import annotations

TEXT = "0:00-0:19.88: @ is singing, close-up\n0:19.88-0:37.80: @ is singing; close-up!\n0:37.80+: @ is dancing, close-up"


def test_the_same_words_are_found_if_variety_is_asked_for(found):
    ((line, severity, message, _),) = found("R11", TEXT, wants_variety=True)
    assert (line, severity, message) == (2, "error", "it says the same as line 1, and variety is asked for")
    assert found("R11", TEXT) == []


def test_what_comes_back_later_is_no_neighbour(found):
    assert found("R11", "0:00-0:19.88: @ sings\n0:19.88-0:37.80: @ dances\n0:37.80+: @ sings", wants_variety=True) == []
