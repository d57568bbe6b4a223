"""When the packs were loaded: code on disk that is newer is not the code that runs."""

import time

LOADED_AT_NS = time.time_ns()
"""When this file was imported, which the pack does while ComfyUI loads all packs; nanoseconds since 1970."""
