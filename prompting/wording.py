"""Words in prompts that cost lip sync, identity or sense, with what they are: data, for the audit of graphs and the check of
schedules."""

from __future__ import annotations

import re


def _words(*alternatives: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(alternatives)})\b", re.IGNORECASE)


WIDE_FRAMING = _words(
    r"(?:extreme |very |ultra[ -]?)?wide(?:[ -]angle)? (?:shots?|views?|angles?)",
    r"wide (?:stage )?framing",
    r"(?:establishing|aerial|drone|full[ -]body|full|(?:extreme )?long|extreme long|crowd) shots?",
    r"bird'?s[- ]eye(?: view)?",
    r"(?:seen |filmed |shot )?from (?:afar|far away|a (?:great )?distance|above the crowd)",
    r"in the (?:far )?distance",
)
"""Framings in which a face has too few pixels: one that covers 1 % of the picture leaves some 80 pixels of mouth."""

_AIMED = r"(?:in|out|forward|back|backward|left|right|up|down|around|away|closer|towards?|over|across|past)"
CAMERA_MOVE = _words(
    rf"doll(?:y|ying|ies)(?: (?:slowly |gently )?{_AIMED})?(?: shots?)?",
    r"jib(?:s|bing)? (?:up|down)",
    rf"(?:slow|slowly|fast|crash|gentle|quick) (?:zoom|push|pan|tilt|dolly|orbit|pull)(?:s|ing)?(?:[ -]{_AIMED})?",
    r"zoom(?:s|ing)?[ -](?:in|out)",
    r"(?:whip|swish)[ -]pans?",
    rf"pan(?:s|ning)? (?:slowly |gently )?{_AIMED}",
    r"push(?:es|ing)?-?in shots?",
    r"push-in|pull-?back",
    r"hand-?held(?: (?:camera|shot|sway|movement|footage|feel))?",
    r"steadicam|gimbal|drone footage|fly-?through|dutch roll",
    r"camera (?:slowly |quickly |gently |smoothly |then )?(?:is )?(?:pan|move|orbit|circle|track|follow|push|pull|tilt|fl(?:y|"
    r"ie)|"
    r"rotate|zoom|glide|drift|dolly|crane|sweep|spin|swing|shake|rise|lower|descend|swoop|arc|truck|roll|advance|retreat|"
    r"circl|mov|rotat|glid|trac|shak)(?:s|es|ing|king|ming|ning)?",
    r"moving camera|shaky (?:camera|cam)|camera (?:movements?|moves?|motion)",
    r"(?:tracking|panning|orbiting|orbit|crane|arc|trucking|follow|moving|pov tracking) shots?",
)
"""Moves of the camera: a window is sampled at once, and a face that is scaled or shifted gives sync nothing to lock to."""

VAGUE_VERB = _words(r"(?:is|are) (?:performing|speaking|vocali[sz]ing)")
"""Verbs that name no motion that can be seen."""

SINGING = _words(
    r"sing(?:s|ing)?",
    r"rap(?:s|ping)?",
    r"hum(?:s|ming)?",
    r"croon(?:s|ing)?",
    r"harmoni[sz](?:es|ing|e)",
    r"chant(?:s|ing)?",
    r"belt(?:s|ing) (?:out|the)",
    r"scat(?:s|ting)?",
    r"yodel(?:s|ing|ling)?",
    r"lip-?sync(?:s|ing|hing)?",
)
"""Motions of a mouth to a melody."""

TALKING = _words(
    r"tell(?:s|ing) (?:a|the|an|another|his|her|their) (?:\w+ )?(?:jokes?|stor(?:y|ies)|punchline|anecdotes?)",
    r"deliver(?:s|ing) (?:a|the|his|her|their) (?:\w+ )?(?:punchline|line|speech|joke|setup|news|monologue|tag)",
    r"talk(?:s|ing)?",
    r"speak(?:s|ing)?",
    r"press(?:es|ing) (?:the|a|his|her|their) point",
    r"mak(?:es|ing) (?:the|a|his|her|their) point",
    r"explain(?:s|ing)?|argu(?:es|ing)|answer(?:s|ing)|whisper(?:s|ing)?|shout(?:s|ing)?|announc(?:es|ing)|narrat(?:es|ing)",
    r"recit(?:es|ing)|ask(?:s|ing) (?:a|the)|setting up (?:a|the) (?:joke|punchline|story)|sets up (?:a|the) (?:joke|"
    r"punchline)",
    r"confid(?:es|ing)|confess(?:es|ing)|plead(?:s|ing)|softening|insist(?:s|ing)|repl(?:ies|ying)|interrupt(?:s|ing)",
)
"""Motions of a mouth in speech."""

MOUTH_CLOSED = _words(
    r"(?:lips|mouth) (?:is |are |stays? |remains? |kept |held )?(?:closed|shut|still)",
    r"(?:closed|shut) (?:lips|mouth)",
    r"silent(?:ly)?|pausing|pauses|listen(?:s|ing)",
)
"""Words for a face without a voice."""
