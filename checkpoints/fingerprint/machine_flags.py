"""Which of ComfyUI's start-up flags may change a number of the result."""

from __future__ import annotations

from collections.abc import Mapping

_HARMLESS = {
    "the server, its page, its log": "listen port tls_keyfile tls_certfile enable_cors_header max_upload_size auto_launch "
    "disable_auto_launch enable_compress_response_body multi_user front_end_version front_end_root comfy_api_base "
    "feature_flag list_feature_flags verbose log_stdout dont_print_server windows_standalone_build quick_test_for_ci "
    "debug_hang enable_manager disable_manager_ui enable_manager_legacy_ui preview_method preview_size",
    "what is saved beside the result": "disable_metadata database_url enable_assets enable_asset_hashing",
    "where files lie, which count by content": "base_directory extra_model_paths_config output_directory temp_directory "
    "input_directory user_directory models_directory",
    "which packs are there; the code of those that are used counts": "disable_all_custom_nodes whitelist_custom_nodes "
    "disable_api_nodes",
    "seen only in what LoadImage and its kin say about a change, which counts": "default_hashing_function",
    "which outputs are kept": "cache_ram cache_classic cache_lru cache_none high_ram",
    "where weights wait and how they travel; changed after memory ran out, to go on": "cuda_malloc disable_cuda_malloc "
    "gpu_only highvram normalvram lowvram novram reserve_vram vram_headroom disable_nvml_pressure async_offload "
    "disable_async_offload disable_dynamic_vram enable_dynamic_vram fast_disk force_non_blocking disable_smart_memory "
    "disable_pinned_memory mmap_torch_files disable_mmap disable_cuda_graphs",
    "which device, which counts by its name": "cpu cuda_device default_device directml oneapi_device_selector",
}
"""Flags that change no number, or whose effect is counted in another way, by the reason. Any other one, also one that is
not known yet, counts."""

WITHOUT_EFFECT = frozenset(name for names in _HARMLESS.values() for name in names.split())


def number_flags(values: Mapping[str, object], defaults: Mapping[str, object]) -> dict[str, str]:
    """Flags that are set and may change a number.

    Args:
        values: Name -> value, as ComfyUI has read them.
        defaults: Name -> value if the flag is not given.

    Returns:
        "flag --NAME" -> its value as text.
    """
    return {
        f"flag --{name.replace('_', '-')}": _text(value)
        for name, value in values.items()
        if name not in WITHOUT_EFFECT and _text(value) != _text(defaults.get(name))
    }


def _text(value: object) -> str:
    # A flag without a value, an empty list and an option that is off are all "not given".
    if not value:
        return ""
    return str(sorted(str(item) for item in value)) if isinstance(value, (set, frozenset)) else str(value)
