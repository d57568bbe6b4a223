"""The schedule language: parsing, snapping to windows, blending. Imports neither torch nor ComfyUI."""
