"""SVG and HTML as text: elements whose texts and attributes are escaped."""

from __future__ import annotations

import html
from collections.abc import Iterable


class Markup(str):
    """Text that is markup already."""

    __slots__ = ()


def element(tag: str, *inside: str, **attributes: object) -> Markup:
    """One element.

    Args:
        tag: Its name.
        inside: Texts, which are escaped, and markup, which is not.
        attributes: By name; `class_` is written as class, an underscore within as a hyphen. One that is None is left out.
    """
    named = ((name.rstrip("_").replace("_", "-"), value) for name, value in attributes.items() if value is not None)
    written = "".join(f' {name}="{html.escape(_plain(value), quote=True)}"' for name, value in named)
    body = "".join(each if isinstance(each, Markup) else html.escape(clean(each), quote=False) for each in inside)
    return Markup(f"<{tag}{written}>" if tag in _EMPTY else f"<{tag}{written}>{body}</{tag}>")


def joined(parts: Iterable[Markup]) -> Markup:
    """Pieces of markup, one behind the other."""
    return Markup("".join(parts))


def clean(text: str) -> str:
    """A text without characters that HTML does not have: controls, and halves of a character."""
    return "".join(each if each in "\n\t" or (each >= " " and not "\ud800" <= each <= "\udfff") else "\ufffd" for each in text)


def _plain(value: object) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else clean(str(value))


_EMPTY = frozenset({"meta", "img", "br"})
