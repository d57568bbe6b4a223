"""Slow change over a whole video: its pieces, whether a curve over them drifts, and what two small pictures have in common."""
