"""The needs that every command line has of the console: text that it may not be able to show, and bytes as they are."""

from __future__ import annotations

import gc
import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


def show_everything() -> None:
    """Lets output go on if the console cannot show a character, as a Windows console with cp1252 cannot show "①".

    Such a character is written as its number (\\u2460), so that nothing is lost and nothing else is changed.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def write_bytes(data: bytes) -> None:
    """Writes bytes to the standard output: a document stays UTF-8 whatever the console takes its text to be."""
    sys.stdout.flush()
    buffer = getattr(sys.stdout, "buffer", None)
    if buffer is None:
        sys.stdout.write(data.decode("utf-8"))
    else:
        buffer.write(data)
        buffer.flush()


@contextmanager
def command_line() -> Iterator[None]:
    """Runs a command: output as `show_everything`, and without Python's collector of circles.

    The collector would go over a large graph again and again, for nothing: its memory is freed when the command ends.
    """
    show_everything()
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def exit_status(run: Callable[[], int], *refusals: type[Exception]) -> int:
    """The exit status of a command: that of `run`, or 2 with a sentence if it refuses; 0 if nobody reads on.

    Args:
        run: The command.
        refusals: Errors whose message is for the user.
    """
    try:
        with command_line():
            return run()
    except refusals as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    except BrokenPipeError:
        return 0
