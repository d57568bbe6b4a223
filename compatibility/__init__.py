"""The symbols of ComfyUI that the pack uses, and whether a folder of ComfyUI has them: both are read as text."""
