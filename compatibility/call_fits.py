"""Whether parameters take a call, by their text."""

from __future__ import annotations

import ast

from .usage import CallForm


def why_not(form: CallForm, taken: ast.arguments) -> str:
    """Why a call of this form is refused by these parameters; "" if it is taken."""
    names = [each.arg for each in (*taken.posonlyargs, *taken.args)]
    by_name = {each.arg for each in (*taken.args, *taken.kwonlyargs)}
    if form.positional > len(names) and taken.vararg is None:
        return f"takes {len(names)} in order, is given {form.positional}"
    unknown = [name for name in form.keywords if name not in by_name]
    if unknown and taken.kwarg is None:
        return f"takes no {', '.join(unknown)}"
    needed = names[: len(names) - len(taken.defaults)] + [
        each.arg for each, default in zip(taken.kwonlyargs, taken.kw_defaults, strict=True) if default is None
    ]
    missing = [name for name in needed if name not in names[: form.positional] and name not in form.keywords]
    if missing and not form.is_open:
        return f"wants {', '.join(missing)} too"
    return ""
