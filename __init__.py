"""Audio Loop: a ComfyUI node pack that turns one song and one picture into a music video of the full length."""

WEB_DIRECTORY = "./web"


async def comfy_entrypoint() -> object:  # noqa: D103  ComfyUI calls this by name; its return type lives in ComfyUI
    try:
        from .nodes import AudioLoopExtension
    except Exception:
        import logging

        # ComfyUI prints only the message of a failing entry point.
        logging.getLogger(__name__).exception("Audio Loop could not be loaded")
        raise
    return AudioLoopExtension()
