"""Whether a ComfyUI has what the pack uses of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from .call_fits import why_not
from .comfyui_text import ComfyUIText, Definition, UntoldError
from .contacts import Fallback, fallbacks_of
from .private import PRIVATE, Private
from .usage import CallForm, Use, uses_of_pack

State = Literal["there", "changed", "missing", "untold"]


@dataclass(frozen=True)
class SymbolFinding:
    """A symbol, and the state in which ComfyUI has it.

    Attributes:
        symbol: As the pack names it.
        place: `module:Class.name` in ComfyUI.
        state: "changed": it is there and takes other arguments. "untold": ComfyUI's text does not say.
        why: What is different, or not told; "" for one that is there as it was.
        signature: Whether its parameters were compared with the calls.
        is_private: Whether it is beyond what ComfyUI promises.
        fallback: What the pack does without it; "" if it has no answer.
        stops: Whether the pack, or a part of it, cannot work without it.
        is_optional: Whether a ComfyUI without it is as good.
    """

    symbol: str
    place: str
    state: State
    why: str = ""
    signature: bool = False
    is_private: bool = False
    fallback: str = ""
    stops: bool = True
    is_optional: bool = False

    @property
    def is_lost(self) -> bool:
        """Whether it is not there in the form that the pack knows."""
        return self.state in ("changed", "missing") and not self.is_optional


@dataclass(frozen=True)
class Compatibility:
    """One ComfyUI against the pack.

    Attributes:
        version: As ComfyUI says.
        name: Of its folder.
        findings: Public symbols, then private ones.
    """

    version: str
    name: str
    findings: tuple[SymbolFinding, ...]

    def lost(self) -> tuple[SymbolFinding, ...]:
        """The findings of what is not there in the form that the pack knows."""
        return tuple(each for each in self.findings if each.is_lost)

    @property
    def fits(self) -> bool:
        """Whether nothing is lost that has no fallback."""
        return not any(each.stops for each in self.lost())


def compatibility_of(folder: Path, pack: Path) -> Compatibility:
    """The findings in a folder of ComfyUI, of all that the pack uses."""
    text = ComfyUIText(folder)
    uses = {use.symbol: use for use in uses_of_pack(pack)}
    return Compatibility(
        text.version(), folder.resolve().name, (*_public(text, uses), *_private(text, uses, fallbacks_of(pack)))
    )


def public_symbols(uses: Mapping[str, Use]) -> list[str]:
    """Those of the pack's symbols that have no row in the private table."""
    private = {row.symbol for row in PRIVATE}
    return [symbol for symbol in uses if not symbol.startswith(".") and symbol not in private]


def _public(text: ComfyUIText, uses: Mapping[str, Use]) -> Iterator[SymbolFinding]:
    for symbol in public_symbols(uses):
        module, path = text.module_of(symbol)
        state, why, compared = _compared(text, f"{module}:{path}", uses[symbol].calls, uses[symbol].overrides)
        yield SymbolFinding(symbol, f"{module}:{path}", state, why, compared)


def _private(text: ComfyUIText, uses: Mapping[str, Use], fallbacks: Mapping[str, Fallback]) -> Iterator[SymbolFinding]:
    for row in PRIVATE:
        use = uses.get(row.symbol, Use(row.symbol))
        calls = (row.call,) if row.call else use.calls
        tried = [(place, *_compared(text, place, calls, use.overrides)) for place in row.places]
        place, state, why, compared = min(tried, key=lambda each: ("there", "untold", "changed", "missing").index(each[1]))
        loss, stops = answer_of(row, fallbacks)
        yield SymbolFinding(row.symbol, place, state, why, compared, True, loss, stops, row.is_optional)


def answer_of(row: Private, fallbacks: Mapping[str, Fallback]) -> tuple[str, bool]:
    """The pack's answer if it is gone, and whether a part of the pack stops."""
    if not row.contact:
        return row.loss, not row.is_optional and not row.goes_on
    known = [fallbacks[name] for name in row.contact.split()]
    return "; ".join(dict.fromkeys(each.loss for each in known)), any(each.refuses for each in known)


def _compared(
    text: ComfyUIText, place: str, calls: tuple[CallForm, ...], overrides: tuple[str, ...] | None
) -> tuple[State, str, bool]:
    """State, reason, and whether parameters were compared."""
    module, _, path = place.partition(":")
    if not module:
        return "missing", "no such module", False
    if path == "__file__":
        return "there", "", False  # every module that is a file has it
    path, _, variable = path.partition("/")
    try:
        found = text.local(module, path, variable) if variable else text.find(module, path)
    except UntoldError as error:
        return "untold", str(error), False
    if found is None:
        return "missing", "", False
    try:
        return _fitted(text, found, calls, overrides)
    except UntoldError as error:
        return "there", f"whether the calls fit is not told: {error}", False


def _fitted(
    text: ComfyUIText, found: Definition, calls: tuple[CallForm, ...], overrides: tuple[str, ...] | None
) -> tuple[State, str, bool]:
    if overrides is not None and isinstance(found.node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        theirs = tuple(each.arg for each in (*found.node.args.posonlyargs, *found.node.args.args))
        return ("there", "", True) if theirs == overrides else ("changed", f"is given {', '.join(theirs[1:])}", True)
    if not calls:
        return "there", "", False
    taken = text.parameters(found)
    reasons = [reason for form in calls if (reason := why_not(form, taken))]
    return ("changed", "; ".join(dict.fromkeys(reasons)), True) if reasons else ("there", "", True)
