"""Workflows that ComfyUI and node packs write into pictures and videos, read with the standard library alone."""
