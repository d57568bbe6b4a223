"""What node types are for, in graphs of ours and of older packs: the one list that audit and migrations go by."""

from __future__ import annotations

LOOP_OPENS = frozenset({"TensorLoopOpen", "TensorForLoopOpen", "TensorWhileLoopOpen"})
LOOP_CLOSES = frozenset({"TensorLoopClose", "TensorForLoopClose", "TensorWhileLoopClose"})
SAMPLERS = frozenset({"SamplerCustomAdvanced", "SamplerCustom", "KSampler", "KSamplerAdvanced"})
CROPS_LATENT = frozenset({"LTXVCropGuides"})
CROPS_CONDITIONING = frozenset({"LTXVCropGuides", "LTXVCropGuidesNoLatent"})
GUIDES = {
    "LTXVAddLatentGuide": "guiding_latent",
    "LatentGuide": "guide_latent",
    "LTXVAddGuide": "image",
    "LTXVAddGuideMulti": "image",
    "LTXVAddGuideAdvanced": "image",
}
"""Nodes that append a picture to the latent and write its position into the conditioning -> the input it comes by."""

STARTS = {"LTXVImgToVideoInplace": "image", "LTXVImgToVideoInplaceKJ": "num_images.image_1", "LTXVImgToVideo": "image"}
"""Nodes that make a picture the first frame -> the input it comes by."""

PICTURES = frozenset({"LoadImage", "LoadImageOutput", "LoadImageFromPath", "VHS_LoadImagePath"})
PREPROCESS = "LTXVPreprocess"
