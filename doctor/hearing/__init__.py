"""The sound of a finished video, heard beside the song it was made for: what several detectors share."""
