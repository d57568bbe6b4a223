"""All that the pack reads inside ComfyUI beyond its node API: one file for each kind of thing, each with a `Contact`."""
