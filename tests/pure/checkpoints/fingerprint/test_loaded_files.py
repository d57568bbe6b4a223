import os

import pytest

from audio_loop.checkpoints.fingerprint.file_hashes import FileHashes
from audio_loop.checkpoints.fingerprint.loaded_files import FileWatch, LoadedFiles
from audio_loop.files.regular_files import identify


@pytest.fixture
def model(tmp_path):
    path = tmp_path / "model.safetensors"
    path.write_bytes(b"old weights")
    return path


@pytest.fixture
def loaded():
    return LoadedFiles()


def doubted(loaded, model, loaded_for=b""):
    """Whether a fingerprint made now could speak of other weights than those in memory."""
    watch = FileWatch(FileHashes(None), loaded)
    watch.hash_file(model)
    return watch.may_be_another(model, loaded_for)


def replace(model, content):
    model.with_name("new").write_bytes(content)
    model.with_name("new").replace(model)


def test_a_file_that_stays_is_never_doubted(loaded, model):
    assert [doubted(loaded, model) for _ in range(3)] == [False, False, False]


def test_a_file_that_was_replaced_is_doubted_until_comfyui_ends(loaded, model):
    doubted(loaded, model)
    replace(model, b"new weights")
    assert doubted(loaded, model)
    assert doubted(loaded, model)
    replace(model, b"old weights")
    assert doubted(loaded, model)
    assert not doubted(LoadedFiles(), model)


def test_another_date_is_no_other_content(loaded, model):
    doubted(loaded, model)
    os.utime(model, (1000, 1000))
    replace(model, b"old weights")
    assert not doubted(loaded, model)


def test_a_file_that_came_after_the_start_is_not_doubted(loaded, model):
    replace(model, b"new weights")
    assert not doubted(loaded, model)


def test_a_prompt_without_a_checkpoint_may_have_loaded_it(loaded, model):
    loaded.note(model, b"", identify(model), None)
    replace(model, b"new weights")
    assert doubted(loaded, model)


def test_a_prompt_without_a_checkpoint_that_named_the_same(loaded, model):
    loaded.note(model, b"", identify(model), None)
    assert not doubted(loaded, model)
    loaded.note(model, b"", identify(model), None)
    assert not doubted(loaded, model)


def test_what_a_node_loads_again_by_itself_is_not_doubted(loaded, model):
    doubted(loaded, model, b"its content is old")
    replace(model, b"new weights")
    assert not doubted(loaded, model, b"its content is new")
    assert doubted(loaded, model, b"its content is old")


def test_a_file_that_is_replaced_while_a_window_is_made(model):
    watch = FileWatch(FileHashes(None), LoadedFiles())
    watch.hash_file(model)
    assert watch.replaced() == ()
    os.utime(model, (1000, 1000))
    assert watch.replaced() == ()
    replace(model, b"new weights")
    assert watch.replaced() == ("model.safetensors",)
    model.unlink()
    assert watch.replaced() == ("model.safetensors",)


def test_a_fingerprint_speaks_of_one_state_of_a_file(model):
    watch = FileWatch(FileHashes(None), LoadedFiles())
    first = watch.hash_file(model)
    replace(model, b"new weights")
    assert watch.hash_file(model) == first
    assert FileWatch(FileHashes(None), LoadedFiles()).hash_file(model) != first
