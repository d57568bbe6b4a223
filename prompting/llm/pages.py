"""The pages of the documentation that show the system prompts: as they are sent, with the names of what each song fills in."""

from __future__ import annotations

from ..wishes import Kind
from .system_prompt import PLACEHOLDERS, fill, rules_text, template

PAGES: dict[str, Kind] = {"music_system_prompt": "music", "standup_system_prompt": "standup"}
"""Name of the page -> what is heard."""

_HEADS = {
    "music_system_prompt": "System prompt: music",
    "standup_system_prompt": "System prompt: stand-up and dialogue",
}


def page(name: str) -> str:
    """One page; ends with a line feed."""
    kind = PAGES[name]
    filled = fill(template(kind), {"rules": rules_text(kind)})
    names = ", ".join(f"`{{{each}}}`" for each in PLACEHOLDERS if each != "rules")
    return (
        f"# {_HEADS[name]}\n\n"
        "For a language model that writes a schedule. Do not copy it from here: the command fills in what is heard in your "
        "song, and "
        "where its picture can change.\n\n"
        f'    python scripts/analyze_audio_features.py song.mp3 --subject "..." -j song.json\n\n'
        "It is `llm_system_prompt` in `song.json`. Send it as the system prompt with the message *Write the schedule.*, and "
        "check the "
        "answer as [With an LLM](../schedules.md#with-an-llm) says: findings carry the numbers of the rules below. Filled in "
        "for each "
        f"song: {names}.\n\n---\n\n{filled}"
    )
