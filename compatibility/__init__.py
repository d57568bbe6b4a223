"""What the pack uses of ComfyUI, and whether a folder of ComfyUI has it: both are read as text, nothing of either runs."""
