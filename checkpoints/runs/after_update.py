"""The choices of a user after an update of ComfyUI or of this pack; see `other_versions`."""

from __future__ import annotations

AS_THE_RUN_NEEDS, USE, MAKE_AGAIN = "as the run needs", "use finished windows", "make again"
CHOICES = (AS_THE_RUN_NEEDS, USE, MAKE_AGAIN)
