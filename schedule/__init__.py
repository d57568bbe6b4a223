"""The schedule language: parsing, snapping to iterations, blending. Imports neither torch nor ComfyUI."""
