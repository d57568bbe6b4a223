"""The doctor: symptoms of a finished video, measured, and their causes and cures."""
