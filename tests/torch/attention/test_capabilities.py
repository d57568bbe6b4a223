"""What a machine is found to offer: packages that import or do not, their releases, and the GPU."""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import logging
from types import SimpleNamespace

import pytest
import torch

from audio_loop.attention import capabilities as machine
from audio_loop.attention import offered_kernels
from audio_loop.attention.exact_kernels import EXACT_TABLE
from audio_loop.attention.kernels import TABLE

SAGE = "sageattention"
OURS = {kernel.package for kernel in (*TABLE, *EXACT_TABLE)} - {machine.TORCH}
TRITON = "sageattn_qk_int8_pv_fp16_triton"
CUDA = "sageattn_qk_int8_pv_fp16_cuda"


@pytest.fixture
def installed(monkeypatch):
    """Packages of kernels that this machine has; each is a module or the error that importing it raises."""
    found = {}
    real = importlib.import_module

    def import_module(name, package=None):
        if name not in OURS:
            return real(name, package)
        if isinstance(found.get(name), Exception):
            raise found[name]
        if name not in found:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return found[name]

    monkeypatch.setattr(importlib, "import_module", import_module)
    monkeypatch.setattr(importlib.metadata, "packages_distributions", lambda: {SAGE: ["sageattention-wheel"]})
    monkeypatch.setattr(importlib.metadata, "version", {"sageattention-wheel": "2.2.0"}.__getitem__)
    return found


@pytest.fixture
def gpu(monkeypatch):
    """Sets the GPU that torch tells of."""

    def choose(capability, hip=None):
        monkeypatch.setattr(torch.cuda, "is_available", lambda: capability is not None)
        monkeypatch.setattr(torch.cuda, "get_device_capability", lambda: capability)
        monkeypatch.setattr(torch.version, "hip", hip)

    return choose


def probe():
    """A look at the machine that nothing remembers."""
    return machine.probe.__wrapped__()


def masked(q, k, v, attn_mask=None):
    return q


def unmasked(q, k, v):
    return q


def test_a_package_offers_the_functions_that_its_release_has(installed):
    installed[SAGE] = SimpleNamespace(**{TRITON: masked, CUDA: unmasked, "sageattn": "no function"})
    found = probe()
    of_sage = {name for name in found.functions if name.startswith(SAGE)}
    assert of_sage == {f"{SAGE}.{TRITON}", f"{SAGE}.{CUDA}"}
    assert found.mask_functions == {f"{SAGE}.{TRITON}"}
    assert found.versions == {machine.TORCH: torch.__version__, SAGE: "2.2.0"}


@pytest.mark.parametrize(("said", "version"), [({"__version__": "1.0.6"}, "1.0.6"), ({}, "0")])
def test_the_version_of_a_package_that_nothing_was_installed_as_is_its_own_word(installed, monkeypatch, said, version):
    monkeypatch.setattr(importlib.metadata, "packages_distributions", dict)
    installed[SAGE] = SimpleNamespace(**said)
    assert probe().versions[SAGE] == version


def test_a_missing_package_is_no_news(installed, caplog):
    with caplog.at_level(logging.WARNING):
        assert probe().versions == {machine.TORCH: torch.__version__}
    assert caplog.text == ""


@pytest.mark.parametrize(
    "error",
    [ModuleNotFoundError("No module named 'triton'", name="triton"), OSError("libcudart.so: no such file")],
    ids=["it needs another", "its library does not load"],
)
def test_a_package_that_is_broken_is_told_and_not_offered(installed, caplog, error):
    installed[SAGE] = error
    with caplog.at_level(logging.WARNING):
        assert SAGE not in probe().versions
    assert caplog.messages == [f"sageattention is installed but cannot be imported: {error}"]


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("capability", "hip", "arch"), [((9, 0), None, 90), ((12, 1), None, 121), ((9, 4), "6.2", None), (None, None, None)]
)
def test_the_architecture_is_that_of_an_nvidia_gpu(gpu, monkeypatch, capability, hip, arch):
    gpu(capability, hip)
    assert probe().arch == arch
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    # torch's own kernels for any GPU are offered where there is one.
    assert ("torch_efficient" in offered_kernels.likely_modes.__wrapped__()) == (arch is not None)


def test_the_modes_to_offer_come_from_installed_packages_without_importing_them(installed, gpu, monkeypatch):
    gpu((8, 0))
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object() if name == SAGE else None)
    installed[SAGE] = AssertionError("it was imported")
    releases = {SAGE: "2.2.0"}

    def version(name):
        if name in releases:
            return releases[name]
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", version)
    modes = offered_kernels.likely_modes.__wrapped__()
    assert "sage_fp16_triton" in modes
    assert "flash_attn" not in modes
    del releases[SAGE]
    assert "sage_fp16_triton" not in offered_kernels.likely_modes.__wrapped__(), "no release is known to have it"


def test_a_row_of_the_table_loads_the_function_it_names(installed):
    installed[SAGE] = SimpleNamespace(**{TRITON: masked})
    by_function = {kernel.function: kernel for kernel in (*TABLE, *EXACT_TABLE)}
    assert machine.load(by_function[TRITON]) is masked
    with pytest.raises(AttributeError, match=CUDA):
        machine.load(by_function[CUDA])
    with pytest.raises(ImportError, match="flash_attn"):
        machine.load(by_function["flash_attn_func"])
    own = machine.load(by_function["_scaled_dot_product_flash_attention_for_cpu"])
    assert own is torch.ops.aten._scaled_dot_product_flash_attention_for_cpu
