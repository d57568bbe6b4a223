"""Folders of node packs whose pages ComfyUI's web server does not find."""

from __future__ import annotations

import logging
import urllib.parse

log = logging.getLogger(__name__)

SERVED = "!$&'()*+,;=:@~"
"""Beside letters, digits and `_.-`: what stays as it is in an address."""


def warn_if_not_served(folder: str) -> None:
    """Logs that pages and templates are missing if the name of the pack's folder has other characters, as a space.

    The server compares the name as it stands in an address with the name as it is read from one.
    """
    if urllib.parse.quote(folder, safe=SERVED) != folder:
        log.warning(
            "ComfyUI does not find the pages and templates of a folder named %r: the nodes work, but timeline, buttons, help "
            "and templates of Audio Loop are missing in the browser. Rename the folder to audio-loop and start again.",
            folder,
        )
