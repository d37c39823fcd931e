"""The server writes to no file but temporary ones, and leaves none behind."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# A process of its own, since what listens to Python opening files cannot be told to stop.
PROGRAM = """
import json, os, sys
written, made = set(), set()

def listen(event, given):
    if event == "open" and isinstance(given[0], str | bytes) and given[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        written.add(os.path.realpath(os.fsdecode(given[0])))
    if event in ("os.mkdir", "os.rename", "os.symlink"):
        made.add(os.path.realpath(os.fsdecode(given[0])))

from starlette.testclient import TestClient
from app.main import create_app
from app.settings import Settings
from tests.app.exports.sending import file_of, pngs, sent, svgs, SVG

sys.addaudithook(listen)
with TestClient(create_app(Settings(base_url="https://convoscope.example"))) as client:
    for path in ("/", "/learn/dilated", "/embed/pooling", "/docs", "/api/v1/traces/dilated?dilation=2", "/nowhere",
                 "/embed/dilated/picture.png", "/embed/dilated/picture.svg", "/api/v1/offline/dilated"):
        assert client.get(path).status_code == (404 if path == "/nowhere" else 200), path
    for format in ("gif", "mp4", "zip"):
        file_of(client, format, pngs(2))
    file_of(client, "pdf", svgs(2), SVG)
    assert sent(client, "gif", [b"no picture"]).status_code == 422
json.dump({"written": sorted(written), "made": sorted(made)}, sys.stdout)
"""


def test_nothing_is_written_outside_the_temporary_folder_and_nothing_stays_there(tmp_path: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    paths = {kind: [Path(one) for one in found] for kind, found in json.loads(done.stdout).items()}
    # It does write: else it would not have been listened to.
    assert any(path.is_relative_to(tmp_path) for path in paths["made"])
    outside = [path for path in paths["written"] + paths["made"] if not path.is_relative_to(tmp_path)]
    assert [path for path in outside if path != Path(os.devnull)] == []
    assert list(tmp_path.iterdir()) == []
