"""The succession of frames: which stand, are blank, come twice or are not there."""
