"""The two text substitutions that the frontend makes when a prompt is queued.

Source: comfyui-frontend-package 1.49, `processDynamicPrompt` and `applyTextReplacements`.
"""

from __future__ import annotations

import re
from collections.abc import Callable

SAVE_NODES = frozenset(
    """
    SaveImage SaveImageAdvanced SaveSVGNode SaveVideo SaveAnimatedWEBP SaveWEBM SaveAudio SaveAudioMP3
    SaveAudioOpus SaveAudioAdvanced SaveGLB Save3DAdvanced SaveGaussianSplat SavePointCloud SaveAnimatedPNG
    CLIPSave VAESave ModelSave LoraSave SaveLatent
    """.split()  # noqa: SIM905  one a line would be longer than the rest of the file
)
"""Node types in whose `filename_prefix` %Node.widget% is replaced by the browser."""

_COMMENT = re.compile(r"/\*[\s\S]*?\*/|//.*")
_UNSAFE = re.compile(r'[/?<>\\:*|"\x00-\x1f\x7f]')


def has_choice(text: str) -> bool:
    """Whether the browser would roll dice over this text ("{a|b}")."""
    return "{" in re.sub(r"\\.", "", _COMMENT.sub("", text))


def dynamic_prompt(text: str) -> str:
    """Removes comments and takes the first option of every "{a|b}", where the browser takes a random one."""
    text = _COMMENT.sub("", text)
    result, position = [], 0
    while position < len(text):
        character = text[position]
        position += 1
        if character == "\\":
            result.append(character + text[position : position + 1])
            position += 1
        elif character == "{":
            option, position = _first_option(text, position)
            result.append(dynamic_prompt(option))
        else:
            result.append(character)
    return re.sub(r"\\([{}|])", r"\1", "".join(result))


def _first_option(text: str, position: int) -> tuple[str, int]:
    options, current, depth = [], "", 0
    while position < len(text):
        character = text[position]
        position += 1
        if character == "\\":
            current += character + text[position : position + 1]
            position += 1
            continue
        if character == "{":
            depth += 1
        elif character == "}":
            if not depth:
                break
            depth -= 1
        elif character == "|" and not depth:
            options.append(current)
            current = ""
            continue
        current += character
    return [*options, current][0], position


def replace_in_filename(text: str, widget: Callable[[str, str], object]) -> str:
    """Replaces %Node.widget%; "%date:...%" and "%width%" are left for the moment of saving.

    Args:
        text: A file name prefix.
        widget: Gives a widget's value for a node name and a widget name; raises KeyError if there is none.
    """

    def substitute(match: re.Match[str]) -> str:
        parts = match[1].split(".")
        if len(parts) != 2:
            return match[0]
        try:
            value = widget(parts[0], parts[1])
        except KeyError:
            return match[0]
        return _UNSAFE.sub("_", "" if value is None else as_javascript(value))

    return re.sub(r"%([^%]+)%", substitute, text)


def as_javascript(value: object) -> str:
    """A value as JavaScript turns it into text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
