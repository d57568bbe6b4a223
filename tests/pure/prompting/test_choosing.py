"""Words from tables: stable, and each once before one comes again."""

from __future__ import annotations

from itertools import pairwise

from audio_loop.prompting.choosing import Chooser

WORDS = ("one", "two", "three", "four", "five")


def test_a_key_keeps_its_word_and_others_have_others():
    choose = Chooser("a song")
    first = [choose.pick("words", str(key), WORDS) for key in range(5)]
    assert sorted(first) == sorted(WORDS)
    assert [choose.pick("words", str(key), WORDS) for key in range(5)] == first
    assert [Chooser("a song").pick("words", "0", WORDS)] == first[:1]


def test_orders_differ_with_the_salt_and_the_table():
    def order(salt, table):
        choose = Chooser(salt)
        return tuple(choose.pick(table, str(key), WORDS) for key in range(5))

    assert len({order("a", "x"), order("b", "x"), order("a", "y")}) == 3
    assert order("a", "x") == ("five", "two", "four", "one", "three")  # the same everywhere: a stored schedule is made again


def test_every_pair_comes_before_one_comes_again():
    choose = Chooser("a song")
    pairs = [choose.pair("pairs", str(key), ("a", "b", "c", "d"), ("1", "2", "3", "4", "5", "6")) for key in range(24)]
    assert len(set(pairs)) == 24
    assert all(one[0] != other[0] and one[1] != other[1] for one, other in pairwise(pairs[:12]))
