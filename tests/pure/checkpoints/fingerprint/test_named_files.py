"""What a value names, in a machine room of a few folders."""

import os

import pytest

from audio_loop.checkpoints.fingerprint.named_files import Folders, InputKind, find_named

FILES = (
    "models/loras/style.safetensors",
    "models/loras/old/style.safetensors",
    "models/loras/clash.safetensors",
    "models/checkpoints/ltx.safetensors",
    "models/checkpoints/clash.safetensors",
    "models/vae_approx/taesd_encoder.pth",
    "models/vae_approx/taesd_decoder.pth",
    "models/vae_approx/taesdxl_decoder.pth",
    "models/embeddings/bad.pt",
    "models/diffusers/gemma/config.json",
    "models/somebodys/depth.onnx",
    "models/diffusion_models/ltx-Q4_K_M.gguf",
    "elsewhere/style2.safetensors",
    "input/face.png",
    "input/faces/one.png",
    "input/faces/two.png",
    "output/made.png",
    "temp/painted.png",
)


@pytest.fixture
def room(tmp_path):
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(name.encode())
    return tmp_path


@pytest.fixture
def find(room):
    names = ("loras", "checkpoints", "vae_approx", "embeddings", "diffusers")
    registered = {name: (room / "models" / name,) for name in names}
    registered["loras"] = (room / "models" / "loras", room / "elsewhere")
    registered["diffusion_models"] = registered["unet_gguf"] = (room / "models" / "diffusion_models",)
    folders = Folders(
        registered=registered,
        working={name: room / name for name in ("input", "output", "temp")},
        models=room / "models",
        suffixes=frozenset({".safetensors", ".pt", ".pth", ".png", ".onnx", ".txt"}),
    )

    def found(value, **kind):
        named = find_named(value, InputKind(**kind), folders)
        return [path.relative_to(room).as_posix() for path in named.paths], named.stands_alone, named.missing

    return found


NOTHING, MISSING = ([], True, False), ([], True, True)


def one(*names):
    return list(names), True, False


def test_files_in_folders_of_models_and_uploads(find):
    assert find("style.safetensors") == one("models/loras/style.safetensors")
    assert find("old/style.safetensors") == one("models/loras/old/style.safetensors")
    assert find("style2.safetensors") == one("elsewhere/style2.safetensors")
    assert find("face.png") == one("input/face.png")
    assert find("made.png [output]") == one("output/made.png")
    assert find("painted.png [temp]") == one("temp/painted.png")
    assert find("face.png [input]") == one("input/face.png")


def test_a_file_that_a_pack_lists_a_second_time_for_its_own_loader(find):
    loader = {"options": ("ltx-Q4_K_M.gguf",), "listed": {"unet_gguf": ("ltx-Q4_K_M.gguf",)}}
    assert find("ltx-Q4_K_M.gguf", **loader) == one("models/diffusion_models/ltx-Q4_K_M.gguf")
    assert find("ltx-Q4_K_M.gguf") == one("models/diffusion_models/ltx-Q4_K_M.gguf")


def test_folders_of_models_that_nobody_registered(find):
    assert find("depth.onnx") == one("models/somebodys/depth.onnx")


def test_absolute_paths(find, room):
    assert find(str(room / "output" / "made.png")) == one("output/made.png")
    assert find(str(room / "input" / "faces")) == one("input/faces")
    assert find(str(room / "nothing.png")) == MISSING
    assert find("/") == NOTHING


def test_the_same_name_in_several_folders(find):
    both = one("models/loras/clash.safetensors", "models/checkpoints/clash.safetensors")
    assert find("clash.safetensors") == both
    assert find("clash.safetensors", listed={"checkpoints": ["clash.safetensors"]}) == one(
        "models/checkpoints/clash.safetensors"
    )
    assert find("style.safetensors", listed={"checkpoints": ["ltx.safetensors"]}) == one("models/loras/style.safetensors")


def test_links_to_one_file_are_one_file(find, room):
    (room / "models" / "checkpoints" / "style.safetensors").symlink_to(room / "models" / "loras" / "style.safetensors")
    assert find("style.safetensors") == one("models/loras/style.safetensors")


def test_an_option_that_stands_for_files(find):
    listed = {"vae_approx": ["taesd_decoder.pth", "taesd_encoder.pth", "taesdxl_decoder.pth"]}
    files = ["models/vae_approx/taesd_encoder.pth", "models/vae_approx/taesd_decoder.pth"]
    assert find("taesd", options=("taesd", "pixel_space"), listed=listed) == (files, False, False)
    assert find("pixel_space", options=("taesd", "pixel_space"), listed=listed) == NOTHING
    assert find("taesdxl", options=("taesdxl",), listed=listed) == NOTHING
    assert find("taesd") == NOTHING


def test_an_option_without_its_ending(find):
    listed = {"loras": ["style.safetensors"]}
    assert find("style", options=("style", "none"), listed=listed) == (["models/loras/style.safetensors"], False, False)
    assert find("none", options=("style", "none"), listed=listed) == NOTHING


def test_folders(find):
    assert find("faces", options=("", "faces")) == one("input/faces")
    assert find("gemma", options=("gemma",)) == one("models/diffusers/gemma")
    assert find("faces", names_folder=True) == one("input/faces")
    # Nobody says that it is a folder, or the other options are none.
    assert find("faces") == NOTHING
    assert find("faces", options=("faces", "hands", "feet", "hair")) == NOTHING
    assert find("faces", names_folder=True, is_written=True) == NOTHING
    assert find("", options=("", "faces")) == NOTHING
    assert find(".", options=(".",)) == NOTHING


def test_text_that_mentions_files(find):
    text = "a singer, embedding:bad, night\n<lora:style:0.8> <lora:nothing:1>"
    assert find(text, multiline=True) == (["models/embeddings/bad.pt", "models/loras/style.safetensors"], False, False)
    assert find("embedding:nothing", multiline=True) == NOTHING


@pytest.mark.parametrize("value", ["euler", "1.5", "16:9", "a singer in a bar.", "v1.0", "fp8_e4m3fn", "Lightricks/LTX-2"])
def test_values_that_name_nothing(find, value):
    assert find(value) == NOTHING
    assert find(value, options=(value, "other")) == NOTHING


def test_names_of_files_that_are_not_there(find):
    assert find("gone.safetensors", options=("gone.safetensors",)) == MISSING
    assert find("gone.png", upload=True) == MISSING
    assert find("gone.png [temp]") == MISSING
    assert find("gone.png") == MISSING
    assert find("https://example.org/a picture.png") == MISSING
    assert find("the picture is gone.png") == NOTHING
    assert find("gone.png", multiline=True) == NOTHING
    assert find("gone.png", is_written=True) == NOTHING


def test_free_text_is_not_looked_for_among_results(find):
    """A node that writes a file of that name there would change its own fingerprint."""
    assert find("made.png") == MISSING
    assert find("made.png", options=("made.png",)) == one("output/made.png")


@pytest.mark.parametrize("value", ["../output/made.png", "../../etc/passwd", "x" * 5000, "a\0b", "", "\n", "[output]", " [x]"])
def test_values_that_climb_out_or_are_odd(find, value):
    assert find(value)[0] == []


def test_pipes_are_not_files(find, room):
    os.mkfifo(room / "input" / "pipe.png")
    assert find("pipe.png") == MISSING


def test_inputs_that_take_a_files_name():
    listed = {"loras": ["style.safetensors"]}
    assert InputKind(options=("none", "style.safetensors"), listed=listed).takes_file
    assert InputKind(upload=True).takes_file
    assert not InputKind(options=("euler",), listed=listed).takes_file
    assert not InputKind(listed=listed).takes_file
