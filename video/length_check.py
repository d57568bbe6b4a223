"""A video that is not as long as its song: a wrong frame rate gives a video that looks right and whose lips drift."""

from __future__ import annotations

from fractions import Fraction


def length_word(frames: int, fps: Fraction, samples: int, sample_rate: int) -> str:
    """A sentence on a video that is longer or shorter than its song by more than a frame; else nothing.

    Args:
        frames: Of the video as it was asked for, at least 1.
        fps: Frames per second.
        samples: Of the song.
        sample_rate: Of the song, in Hz.
    """
    from ..loop_control.rates import fps_text, told_apart

    video, song = frames / Fraction(fps), Fraction(samples, sample_rate)
    if abs(video - song) <= 1 / Fraction(fps):
        return ""
    lasts, of_song = told_apart(video, song)
    lengths = f"{frames} frames at {fps_text(Fraction(fps))} fps last {lasts}, the song {of_song}"
    if video > song:
        return f"{lengths}: fps must be the plan's, and frames the plan's too, or picture and sound drift apart"
    return f"{lengths}: right if only a part was asked for; else set fps to the plan's, or picture and sound drift apart"
