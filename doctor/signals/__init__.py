"""Numbers of frames made ready for detectors: steps, rhythms, joins of windows, and what a schedule wants to be seen."""
