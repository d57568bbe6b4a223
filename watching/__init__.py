"""A finished video, watched once: some numbers for each of its frames, on which everything is told that the doctor tells."""
