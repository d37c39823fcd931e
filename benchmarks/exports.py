"""How long a hundred frames take to become a file, and what the server's memory does over fifty exports.

Frames are drawn before; what is measured is from the first byte sent to the last received, on one uvicorn process. The
browser's share, drawing them, is not in it. Where other programs run beside, seconds of a core say more.
"""

import contextlib
import http.client
import json
import os
import statistics
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.frames import OUT, png_frame, svg_frame
from tests.servers import HOST, ROOT, free_port, wait_until_healthy

FRAMES = 100
SIZE = (1280, 720)
ROUNDS = 5
EXPORTS = 50
TAKES = {
    "gif": "image/png",
    "webp": "image/png",
    "mp4": "image/png",
    "pdf": "image/svg+xml",
    "pptx": "image/png",
    "zip": "image/png",
}


def main() -> None:
    """Measure and print both tables."""
    frames = {
        "image/png": [png_frame(n % (OUT**2 + 1), *SIZE) for n in range(FRAMES)],
        "image/svg+xml": [svg_frame(n % (OUT**2 + 1), *SIZE) for n in range(FRAMES)],
    }
    bodies = {name: form(frames[taken], taken) for name, taken in TAKES.items()}
    with server() as (port, pid):
        print(f"{FRAMES} frames of {SIZE[0]} × {SIZE[1]}; {len(os.sched_getaffinity(0))} cores; medians of {ROUNDS}.\n")
        print("| format | seconds | of a core | sent, MB | file, MB |")
        print("|---|---:|---:|---:|---:|")
        for name, body in bodies.items():
            used = worked(pid)
            found = [asked(port, name, body) for _ in range(ROUNDS)]
            core = (worked(pid) - used) / ROUNDS
            seconds = statistics.median(second for second, _ in found)
            print(
                f"| {name} | {seconds:.1f} | {core:.1f} | {len(body) / 1e6:.1f} | {found[0][1] / 1e6:.1f} |", flush=True
            )
        print(f"\nMemory of the server over {EXPORTS} further exports, all formats in turn:\n")
        print("| after | resident, MB |")
        print("|---:|---:|")
        for n in range(EXPORTS + 1):
            if n % 10 == 0:
                print(f"| {n} | {resident(pid):.0f} |", flush=True)
            asked(port, list(TAKES)[n % len(TAKES)], bodies[list(TAKES)[n % len(TAKES)]])


@contextlib.contextmanager
def server() -> Iterator[tuple[int, int]]:
    """The port and the process of a server of its own."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "app.main:app",
        "--host",
        HOST,
        "--port",
        str(port),
        "--log-level",
        "warning",
    ]
    process = subprocess.Popen(command, cwd=ROOT)
    try:
        if not wait_until_healthy(process, port):
            sys.exit("exports: the server did not start")
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(timeout=30)


BOUNDARY = uuid.uuid4().hex


def form(frames: Sequence[bytes], media_type: str) -> bytes:
    """The body that a browser would send."""
    options = {"width": SIZE[0], "height": SIZE[1], "frames": len(frames), "hold": 900, "last_hold": 2500}
    parts = [part("options", "application/json", json.dumps(options).encode())]
    parts += [part("frame", media_type, frame) for frame in frames]
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def part(name: str, media_type: str, data: bytes) -> bytes:
    """One part of it."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\n'
    return f"{head}Content-Type: {media_type}\r\n\r\n".encode() + data + b"\r\n"


def asked(port: int, name: str, body: bytes) -> tuple[float, int]:
    """Seconds until the file is there, and its bytes."""
    began = time.perf_counter()
    with contextlib.closing(http.client.HTTPConnection(HOST, port, timeout=300)) as connection:
        headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}", "x-convoscope": "export"}
        connection.request("POST", f"/api/v1/exports/{name}", body, headers)
        answer = connection.getresponse()
        file = answer.read()
    if answer.status != 200:
        sys.exit(f"exports: {name} answers {answer.status}: {file[:300]!r}")
    return time.perf_counter() - began, len(file)


def worked(pid: int) -> float:
    """Seconds that a process and those it started have used of a core, as Linux tells them; elsewhere 0."""
    stat = Path(f"/proc/{pid}/stat")
    if not stat.exists():
        return 0.0
    fields = stat.read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def resident(pid: int) -> float:
    """Megabytes that a process holds, as Linux tells them; elsewhere 0."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return 0.0
    [line] = [line for line in status.read_text().splitlines() if line.startswith("VmRSS")]
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main()
