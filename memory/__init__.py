"""Keeping ComfyUI's memory book-keeping sound between the iterations of a loop."""
