"""ComfyUI's list of loaded models.

ComfyUI keeps one wrapper per loaded model in `comfy.model_management.current_loaded_models`; the wrapper holds its
model weakly. Two kinds of wrapper can outlive their use and make the next `free_memory` raise, in mid-render:

- *orphaned*: the model is gone, `wrapper.model` is None. `free_memory` asks it for `model_size()`: AttributeError.
- *unloaded*: `wrapper.real_model` is None. It stays behind when unloading a second model raised before the first was
  taken off the list. `is_dead()` and `cleanup_models()` call it: TypeError. As `cleanup_models` is the very finalizer
  that removes orphans, one such entry also makes orphans stay.

Neither owns anything that could still be freed, so dropping them from the list is always right.
"""

from __future__ import annotations

from typing import Any

from .contact import Contact

LOADED_MODELS = Contact(
    "list of loaded models", "dead entries are not cleared out of it, and one of them can end a long render with an error"
)


def drop_dead_entries(loaded_models: list[Any] | None = None) -> tuple[int, int]:
    """Removes entries that no longer stand for a loaded model, in place; returns how many were orphaned, and unloaded.

    Args:
        loaded_models: the list to clear; ComfyUI's own one when left out.
    """
    orphaned = unloaded = 0
    try:
        entries = _current() if loaded_models is None else loaded_models
        # By position and from the end: two orphans compare equal (None is None), so `list.remove` could take the wrong one.
        for position in range(len(entries) - 1, -1, -1):
            if position >= len(entries):
                continue  # a finalizer of ComfyUI shortened the list meanwhile
            wrapper = entries[position]
            if wrapper.model is None:
                orphaned += 1
            elif wrapper.real_model is None:
                unloaded += 1
            else:
                continue
            del entries[position]
    except (ImportError, AttributeError, TypeError) as error:
        LOADED_MODELS.is_gone(error)
    return orphaned, unloaded


def _current() -> list[Any]:
    from comfy.model_management import current_loaded_models

    return current_loaded_models
