"""What decides a window without standing in its prompt: files, words of nodes about changes, code, flags.

Each time the same prompt with the checkpoints off says what is right, and the report says why a window was made again.
"""

from __future__ import annotations

import copy
import os
import shutil
from pathlib import Path

import pytest

from ..shipped import write_picture
from .resume.harness import Runner
from .test_checkpoint_windows import graph
from .windows_session import Session

PACK = Path(__file__).parent / "resume" / "proofs"
LOOP = [1, 2, 3, 4]
OLD_NS = 10**18


class Bench:
    """A ComfyUI with the other pack, its models and its code."""

    def __init__(self, folder: Path) -> None:
        self.base, self.models, self.pack = folder / "base", folder / "models", folder / "proofs"
        shutil.copytree(PACK, self.pack, ignore=shutil.ignore_patterns("__pycache__"))
        for number in ("1", "2"):
            self.write_model(f"{number}.txt", number)
        self.write_model("model.txt", "1")
        self.start()
        write_picture(self.base / "input" / "face.png")

    def start(self) -> None:
        self.runner = Runner(self.base, self.models, packs=[self.pack])

    def write_model(self, name: str, content: str) -> Path:
        path = self.models / "proofs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        os.utime(path, ns=(OLD_NS, OLD_NS))
        return path

    def swap(self, number: str) -> list[str]:
        """`cp -p` of a model of the same length and date over the one that the prompts name."""
        return [str(self.models / "proofs" / f"{number}.txt"), str(self.models / "proofs" / "model.txt")]


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    made = Bench(tmp_path_factory.mktemp("proofs"))
    yield made
    made.runner.close()


@pytest.fixture
def session(bench, tmp_path):
    bench.write_model("model.txt", "1")
    (bench.base / "input" / "told").write_text("1")
    return Proofs(bench, tmp_path)


class Proofs(Session):
    """A session that knows what is right."""

    def __init__(self, bench, folder):
        super().__init__(bench.runner, folder)
        self.bench = bench

    def render(self, *prompts, **settings):
        """For each prompt: windows made, hash of the result, and all that the checkpoints said."""
        answers = []
        for answer in self.good(*prompts, **settings):
            answers.append((answer["outputs"]["show"]["text"][0], "\n".join(answer["texts"])))
        made = self.made()
        return made, [shown for shown, _ in answers], answers[-1][1]

    def right(self, prompt):
        """The result without checkpoints, in a process of its own."""
        prompt = {key: {**node, "inputs": dict(node["inputs"])} for key, node in prompt.items()}
        for checkpoint in ("2201", "2202"):
            prompt[checkpoint]["inputs"]["enabled"] = False
        _, (shown,), _ = self.render(prompt)
        return shown


def proved_by(class_type, **inputs):
    """The loop, with a number of this node added to each window."""
    prompt = graph()
    prompt["number"] = {"class_type": class_type, "inputs": inputs}
    prompt["add"] = {"class_type": "ProofAdd", "inputs": {"latent": ["window", 0], "number": ["number", 0]}}
    prompt["2202"]["inputs"]["latent"] = ["add", 0]
    prompt["show"] = {"class_type": "ProofHash", "inputs": {"latent": ["close", 0]}}
    return prompt


@pytest.mark.parametrize("cache", ["default", "none", "pressure"])
def test_a_model_that_is_replaced_while_comfyui_runs(session, bench, cache):
    prompt = proved_by("ProofLoad", model="model.txt")
    edited = copy.deepcopy(prompt)
    edited["loop words"]["inputs"]["words"] = "0: a, 4: b"
    made, _, said = session.render(edited, prompt, swaps=[[], [bench.swap("2")]], cache=cache)
    assert made == [0, *LOOP, *LOOP]
    assert "window 4 is made again" in said
    assert "model.txt was replaced while ComfyUI was running, which may still hold the one before (ProofLoad)" in said
    made, (shown,), said = session.render(prompt, cache=cache)
    assert made == LOOP
    assert shown == session.right(prompt)
    session.made()
    assert session.render(prompt, cache=cache)[:2] == ([], [shown])


def test_a_model_that_is_replaced_between_two_starts(session, bench):
    prompt = proved_by("ProofLoad", model="model.txt")
    session.render(prompt)
    made, (shown,), said = session.render(prompt, swaps=[[bench.swap("2")]])
    assert made == LOOP
    assert shown == session.right(prompt)
    assert "window 1 is made again: the file in ProofLoad.model changed" in said


def test_a_model_that_is_replaced_while_a_window_is_made(session, bench):
    """Asked for with the old one on disk, loaded with the new one."""
    prompt = proved_by("ProofLoad", model="model.txt")
    shutil.copy2(*bench.swap("2"))
    right = session.right(prompt)
    bench.write_model("model.txt", "1")
    session.made()
    # The first loop window is asked for, and then the model is loaded.
    _, (shown,), _ = session.render(prompt, swap_at=["number", *bench.swap("2")])
    assert shown == right
    bench.write_model("model.txt", "1")
    made, (shown,), _ = session.render(prompt)
    assert made == LOOP
    assert shown == session.right(prompt) != right


def test_another_name_or_folder_for_the_same_model(session, bench):
    _, (shown,), _ = session.render(proved_by("ProofLoad", model="model.txt"))
    session.made()
    bench.write_model("deep/down/other.txt", "1")
    for name in ("1.txt", "deep/down/other.txt"):
        assert session.render(proved_by("ProofLoad", model=name))[:2] == ([], [shown])


def test_a_node_that_draws_its_own_randomness(session):
    made, shown, said = session.render(proved_by("ProofNoise"), proved_by("ProofNoise"))
    assert made == [0, *LOOP, *LOOP]
    assert shown[0] != shown[1]
    assert "ProofNoise says that it gives something else at every run" in said


@pytest.mark.parametrize("cache", ["default", "none"])
def test_what_a_node_says_about_a_change(session, bench, cache):
    prompt = proved_by("ProofSays")
    session.render(prompt, cache=cache)
    assert session.render(prompt, cache=cache)[0] == []
    (bench.base / "input" / "told").write_text("2")
    made, (shown,), said = session.render(prompt, cache=cache)
    assert made == LOOP
    assert shown == session.right(prompt)
    assert "what ProofSays says about a change changed" in said


def test_a_name_that_could_be_a_files(session):
    prompt = proved_by("ProofText", where="ghost.safetensors")
    assert session.render(prompt, prompt)[0] == [0, *LOOP]
    made, _, said = session.render(prompt)
    assert made == LOOP
    assert "ProofText.where seems to name a file, but there is no ghost.safetensors" in said
    plain = proved_by("ProofText", where="a ghost")
    session.render(plain)
    session.made()
    assert session.render(plain)[0] == []


def test_flags(session):
    prompt = proved_by("ProofLoad", model="model.txt")
    session.render(prompt)
    session.made()
    quiet = {"port": 9000, "lowvram": True, "cache_lru": 5, "preview_size": 64, "disable_metadata": True}
    assert session.render(prompt, settings=quiet)[0] == []
    made, _, said = session.render(prompt, settings={"bf16_unet": True})
    assert made == [0, *LOOP]
    assert "flag --bf16-unet is new" in said
    assert session.render(prompt)[0] == []
    assert session.render(prompt, settings={"bf16_unet": True})[0] == []


def test_no_file_in_the_output_folder_holds_an_absolute_path(session, bench):
    session.render(proved_by("ProofLoad", model="model.txt"))
    files = [path for path in (session.folder / "output").rglob("*") if path.is_file()]
    assert files
    places = [str(place).encode() for place in (session.folder, bench.base, bench.models)]
    assert [path for path in files if any(place in path.read_bytes() for place in places)] == []


def test_code_of_another_pack(session, bench):
    """Last: it starts ComfyUI again."""
    prompt = proved_by("ProofLoad", model="model.txt")
    session.render(prompt)
    session.made()
    (bench.pack / "factor.py").write_text("FACTOR = 3.0\n")
    made, (old,), said = session.render(prompt)
    assert made == LOOP
    assert "the code of proofs was changed after ComfyUI had loaded it; restart ComfyUI to use the new one" in said
    bench.runner.close()
    bench.start()
    session = Proofs(bench, session.folder)
    made, (shown,), said = session.render(prompt)
    assert made == LOOP
    assert "window 1 is made again: the one on disk is in doubt: the code of proofs was changed after" in said
    assert shown == session.right(prompt) != old
    session.made()
    assert session.render(prompt)[0] == []
