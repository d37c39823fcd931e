"""The memory of a process is set up once, and where the system is known."""

import gc
import platform
import subprocess
import sys

from app import memory

ASK = "import gc; from app import memory; told = memory.settle(); print(told, gc.get_freeze_count() > 1000)"


def test_a_process_shares_its_memory_and_keeps_what_was_loaded() -> None:
    told = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=True).stdout.split()
    assert told == [str(platform.libc_ver()[0] == "glibc"), "True"]


def test_it_is_set_up_once() -> None:
    memory.settle()
    before = gc.get_freeze_count()
    held: list[list[int]] = [[] for _ in range(100)]
    memory.settle()
    assert gc.get_freeze_count() <= before
    assert len(held) == 100
