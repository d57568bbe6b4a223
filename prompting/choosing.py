"""Words from tables: always the same for the same song and wishes, and each word once before one comes again."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from itertools import count
from typing import Any, TypeVar

Item = TypeVar("Item")


class Chooser:
    """Chooses from tables.

    A table is used in the order of a hash, so that it is the same on every machine and with every version of Python.

    Args:
        salt: Another salt gives other orders.
    """

    def __init__(self, salt: str) -> None:
        self._salt = salt
        self._numbers: dict[tuple[str, str], int] = {}
        self._counts: dict[str, count[int]] = {}
        self._orders: dict[tuple[str, tuple[Any, ...]], list[Any]] = {}

    def pick(self, table: str, key: str, items: Sequence[Item]) -> Item:
        """The item for `key`: the same each time; another for another key until all are used."""
        return self._ordered(table, items)[self._number(table, key) % len(items)]

    def pair(self, table: str, key: str, first: Sequence[Item], second: Sequence[str]) -> tuple[Item, str]:
        """An item of both: each of the two changes from key to key, and every pair is used before one comes again."""
        number = self._number(table, key)
        rounds = number // math.lcm(len(first), len(second))
        left = self._ordered(f"{table}, first", first)[number % len(first)]
        return left, self._ordered(f"{table}, second", second)[(number + rounds) % len(second)]

    def _number(self, table: str, key: str) -> int:
        """The number of `key` among the keys that were asked for of `table`, from 0."""
        if (table, key) not in self._numbers:
            self._numbers[table, key] = next(self._counts.setdefault(table, count()))
        return self._numbers[table, key]

    def _ordered(self, table: str, items: Sequence[Item]) -> list[Item]:
        key = table, tuple(items)
        if key not in self._orders:
            self._orders[key] = sorted(items, key=lambda item: hashlib.sha256(f"{self._salt}|{table}|{item}".encode()).digest())
        return self._orders[key]
