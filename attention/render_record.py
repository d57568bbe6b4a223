"""Record of what the attention dispatcher did during one sampling run."""

from __future__ import annotations

from collections import Counter

from .key_groups import KeyGroupCache


class RenderRecord:
    """Counts calls by kernel and reason, and remembers which kernels failed on which shapes and what the masks are.

    One object per sampling run, kept in that run's own copy of the model options, so that nothing is left on the model.
    """

    def __init__(self) -> None:
        self.calls: Counter[tuple[str, str]] = Counter()
        self.key_groups = KeyGroupCache()
        self._failed: set[tuple[object, ...]] = set()
        self._said: set[tuple[object, ...]] = set()

    def count(self, kernel: str, reason: str) -> None:
        """Adds one call."""
        self.calls[kernel, reason] += 1

    def has_failed(self, *key: object) -> bool:
        """Whether `fail` was called with this key."""
        return key in self._failed

    def fail(self, *key: object, reason: str) -> bool:
        """Remembers a failure; True if this key with this reason is new, so that it is logged once."""
        self._failed.add(key)
        return self.says(*key, reason)

    def says(self, *key: object) -> bool:
        """True the first time that this key is given, for what is logged once."""
        new = key not in self._said
        self._said.add(key)
        return new

    def summary(self) -> str:
        """One line: calls by kernel, and by reason within each kernel, most frequent first."""
        kernels: Counter[str] = Counter()
        for (kernel, _), number in self.calls.items():
            kernels[kernel] += number
        parts = []
        for kernel, total in sorted(kernels.items(), key=lambda item: (-item[1], item[0])):
            reasons = sorted(
                ((reason, number) for (name, reason), number in self.calls.items() if name == kernel),
                key=lambda item: (-item[1], item[0]),
            )
            parts.append(f"{kernel} {total} ({', '.join(f'{reason} {number}' for reason, number in reasons)})")
        return f"attention calls: {'; '.join(parts) if parts else 'none reached the dispatcher'}"
