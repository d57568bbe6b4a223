"""Time: pixel frames, latents and samples, the plan of a song's windows, seeds. Imports neither torch nor ComfyUI."""
