"""The snippets of every preset, run by PyTorch, Keras and JAX themselves, and held against the engine.

`python3 -m checks.frameworks --record` writes what PyTorch answered to `tests/golden/snippets.json`, with digests of
all snippets that were run, once the three libraries and the engine agree.
"""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from compute.kinds import KINDS
from compute.snippets import snippets
from compute.snippets.writer import all_listed, variable

ROOT = Path(__file__).resolve().parent.parent
RECORD = ROOT / "tests" / "golden" / "snippets.json"
# Kept from run to run: the libraries are large.
VENV = ROOT / ".venv-frameworks"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
# What each language needs; versions are those that the record was made with. Keras computes with JAX.
LIBRARIES = {
    "pytorch": ("torch==2.13.0", "numpy==2.4.6"),
    "jax": ("jax==0.10.2", "jaxlib==0.10.2"),
    "keras": ("keras==3.15.1", "jax==0.10.2", "jaxlib==0.10.2"),
}
TOLERANCE = {"pytorch": 1e-10, "jax": 1e-10, "keras": 1e-4}  # Keras computes in float32

# Runs in the library's own environment: figures come in as JSON, and what their code leaves behind goes out.
RUNNER = """
import contextlib, io, json, sys
import numpy as np
answers = {}
for name, figure in json.load(sys.stdin).items():
    left = {}
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(figure["code"], name, "exec"), left)
    answers[name] = {tensor: np.asarray(left[tensor])[0].tolist() for tensor in figure["tensors"]}
json.dump(answers, sys.stdout)
"""

Answers = dict[str, dict[str, Any]]


def main(args: list[str]) -> int:
    """0 when every library that can be installed here agrees with the engine on every stage of every preset."""
    figures = dict(listed())
    ran = {language: answers(language, figures) for language in LIBRARIES if installed(language)}
    wrong = [fault for language, given in ran.items() for fault in differences(language, given, figures)]
    print("\n".join(wrong[:20]) or f"frameworks: {', '.join(ran) or 'none'} agree on {len(figures)} figures")
    if "--record" in args and not wrong and len(ran) == len(LIBRARIES):
        record(ran["pytorch"], figures)
    return 1 if wrong else 0


def listed() -> Iterator[tuple[str, Any]]:
    """Every preset whose code holds all its numbers, by `slug/id`: its recipe and its parameters' trace."""
    for kind in KINDS.values():
        for preset in kind.presets:
            recipe = kind.plan(kind.parse(preset.params))
            if all_listed(recipe):
                yield f"{kind.slug}/{preset.id}", (recipe, kind.trace(kind.parse(preset.params)))


def installed(language: str) -> bool:
    """Whether a library is there, or could be installed; says so where it could not."""
    make = [] if PYTHON.exists() else [[sys.executable, "-m", "venv", str(VENV)]]
    fill = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "install", "--quiet", *LIBRARIES[language]]
    for command in (*make, fill):
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            print(f"frameworks: {language} cannot be installed here ({done.stderr.strip().splitlines()[-1:]})")
            return False
    return True


def answers(language: str, figures: dict[str, Any]) -> Answers:
    """What a library computes for every tensor of every figure."""
    asked = {
        name: {"code": snippets(recipe)[language], "tensors": [variable(stage.output) for stage in recipe.stages]}
        for name, (recipe, _) in figures.items()
    }
    quiet = {**os.environ, "KERAS_BACKEND": "jax", "JAX_PLATFORMS": "cpu", "PYTHONPATH": ""}
    run = [str(PYTHON), "-c", RUNNER]
    done = subprocess.run(run, input=json.dumps(asked), capture_output=True, text=True, env=quiet)
    if done.returncode:
        raise SystemExit(f"{language}: {done.stderr[-3000:]}")
    given: Answers = json.loads(done.stdout)
    return given


def differences(language: str, given: Answers, figures: dict[str, Any]) -> list[str]:
    """A line for every tensor on which a library and the engine differ; Keras has the channels last."""
    found = []
    for name, (recipe, trace) in figures.items():
        for stage in recipe.stages:
            wanted = np.asarray(trace["tensors"][stage.output]["values"], float)
            theirs = np.asarray(given[name][variable(stage.output)], float)
            if language == "keras":
                theirs = np.moveaxis(theirs, -1, 0)
            size = max(1.0, float(np.abs(wanted).max()))
            if theirs.shape != wanted.shape or not np.abs(theirs - wanted).max() <= TOLERANCE[language] * size:
                found.append(f"{language} {name}: {stage.output} differs, {theirs.shape} against {wanted.shape}")
    return found


def record(given: Answers, figures: dict[str, Any]) -> None:
    """Writes the answers of PyTorch, rounded to 12 digits, and which code all three libraries ran."""
    document = {
        "libraries": LIBRARIES,
        "figures": {
            name: {
                "code": {language: digest(snippets(recipe)[language]) for language in LIBRARIES},
                "tensors": {tensor: rounded(values) for tensor, values in given[name].items()},
            }
            for name, (recipe, _) in figures.items()
        },
    }
    RECORD.write_text(json.dumps(document, separators=(",", ":")) + "\n", encoding="utf-8")


def digest(code: str) -> str:
    """Names a snippet."""
    return hashlib.sha256(code.encode()).hexdigest()[:16]


def rounded(values: Any) -> Any:
    """Nested numbers to 12 digits, whole ones as integers."""
    if isinstance(values, list):
        return [rounded(part) for part in values]
    number = float(f"{values:.12g}")
    return int(number) if number.is_integer() else number


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
