"""A small project around a copy of dev.py; a stand-in for uv makes its set-ups quick and counts them."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent

# Notes each call; makes an environment whose Python is the one that runs the tests.
STAND_IN_UV = f"""
import os, sys, time
from pathlib import Path

project = Path(__file__).parent.parent
with open(project / "uv.log", "a") as log:
    print(*sys.argv[1:3], file=log)
if os.environ.get("UV_FAILS") in sys.argv:
    sys.exit("no such package")
if sys.argv[1] == "venv":
    python = Path(sys.argv[-1], "bin", "python")
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\\nexec "{sys.executable}" "$@"\\n')
    python.chmod(0o755)
time.sleep(float(os.environ.get("UV_TAKES", "0")))
"""

# The application itself, for the commands that start it.
APPLICATION = ("app", "compute", "locales", "static", "templates")

FILES = {
    "pyproject.toml": '[tool.pytest]\naddopts = ["-q"]\nmarkers = ["browser"]\n',
    "requirements-dev.lock": "",
    "benchmarks/__init__.py": "",
    "benchmarks/first.py": "print('the first')",
    "benchmarks/second.py": "print('the second')",
    "checks/failing.py": "raise SystemExit(3)",
    "checks/faults.py": "print('the one that takes long')",
    "checks/passing.py": "print('the passing one')",
    "tests/browsers.py": "print('/a/browser')",
    "tests/test_here.py": "import os\n"
    "import pytest\n"
    "@pytest.mark.browser\n"
    "def test_one(): assert os.environ['CONVOSCOPE_CHROMIUM'] == '/a/browser'\n"
    "def test_two(): pass\n",
}

# The project's own pytest needs none of the plug-ins that are here but the one that runs tests side by side.
QUICK = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_PLUGINS": "xdist.plugin"}


@dataclass(frozen=True)
class Project:
    root: Path

    @property
    def stamp(self) -> Path:
        return self.root / ".venv" / "convoscope.stamp"

    def write(self, path: str, text: str) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text)

    def set_ups(self) -> int:
        """How often an environment was begun."""
        log = self.root / "uv.log"
        return log.read_text().count("venv") if log.exists() else 0

    def start(self, *args: str, uv: bool = True, before: str = "", **variables: str) -> "subprocess.Popen[str]":
        """Starts dev.py from another folder; `before` is run in its process first."""
        path = [str(self.root / "programs")] if uv else []
        path += [folder for folder in os.defpath.split(os.pathsep) if folder and not shutil.which("uv", path=folder)]
        program = f"import runpy, sys; sys.argv[0] = sys.argv.pop(1); {before or 'pass'}\n"
        program += "runpy.run_path(sys.argv[0], run_name='__main__')"
        return subprocess.Popen(
            [sys.executable, "-c", program, str(self.root / "dev.py"), *args],
            cwd=self.root.parent,
            env={**os.environ, "PATH": os.pathsep.join(path), **QUICK, **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def dev(self, *args: str, uv: bool = True, before: str = "", **variables: str) -> "Ended":
        process = self.start(*args, uv=uv, before=before, **variables)
        out, err = process.communicate(timeout=120)
        return Ended(process.returncode, out, err)


@dataclass(frozen=True)
class Ended:
    """What a command left behind."""

    code: int
    out: str
    err: str


def make_project(folder: Path) -> Project:
    project = Project(folder / "a project")
    for path, text in FILES.items():
        project.write(path, text)
    for part in APPLICATION:
        (project.root / part).symlink_to(ROOT / part)
    shutil.copy(ROOT / "dev.py", project.root)
    project.write("programs/uv.py", STAND_IN_UV)
    project.write("programs/uv", f"""#!/bin/sh\nexec "{sys.executable}" "$0.py" "$@"\n""")
    (project.root / "programs" / "uv").chmod(0o755)
    return project


def last_line(text: str) -> str:
    return text.strip().rpartition("\n")[2]
