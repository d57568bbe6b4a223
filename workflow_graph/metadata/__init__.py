"""Workflows that ComfyUI and node packs write into pictures and videos, read with the standard library alone.

Not with PyAV or Pillow, though ComfyUI has both: FFmpeg lays out every frame that a file claims when it opens it, so an MP4 of
541 bytes takes 1 GB, and Pillow refuses packed texts over 1 MB. These readers look at the texts only, and count what they take.
"""
