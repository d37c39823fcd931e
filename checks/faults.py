"""Mistakes that a colleague could make, put into a copy of the code one at a time: do the tests catch each of them?"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import dev
from tests.browsers import find_chromium

ROOT = Path(__file__).resolve().parent.parent
LIST = Path(__file__).with_suffix(".toml")

# What ends a run of tests: all passed, some failed, some could not be collected.
PASSED, FAILED, BROKEN = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Fault:
    """A mistake in one place.

    Attributes:
        name: a sentence that says what goes wrong.
        area: the part of the application.
        file: the file of the code, from the root.
        old, new: what stands there once, and what stands there by mistake.
        tests: what pytest is asked for, one after the other until one fails: a path, and options if need be.
    """

    name: str
    area: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


def listed() -> list[Fault]:
    """All faults, in the order of their file."""
    found = tomllib.loads(LIST.read_text("utf-8"))["fault"]
    return [Fault(**{**fault, "tests": tuple(fault["tests"])}) for fault in found]


def problems(fault: Fault, root: Path = ROOT) -> Iterator[str]:
    """What keeps a fault from being put into the code below a folder, a sentence each."""
    times = (root / fault.file).read_text("utf-8").count(fault.old) if (root / fault.file).exists() else 0
    if times != 1:
        yield f"«{fault.name}»: what is to be replaced stands in {fault.file} {times} times, not once"
    if fault.old == fault.new:
        yield f"«{fault.name}»: it changes nothing"
    for tests in fault.tests:
        if not (root / tests.split()[0]).exists():
            yield f"«{fault.name}»: there is no {tests.split()[0]}"


def main(args: Sequence[str] = ()) -> int:
    """0 when every fault is caught, 1 when one escapes or the tests fail without any."""
    options = read(args)
    known = listed()
    wanted = [fault for fault in known if not options.names or any(asked(fault, name) for name in options.names)]
    if not wanted:
        areas = ", ".join(dict.fromkeys(fault.area for fault in known))
        sys.exit(f"faults: no fault and no area has such a name; the areas are {areas}")
    with tempfile.TemporaryDirectory(prefix="convoscope faults ") as folder:
        copy = Path(folder)
        copied(ROOT, copy)
        if options.tests_from:
            shutil.rmtree(copy / "tests")
            copied(options.tests_from, copy, "tests")
        wrong = [problem for fault in wanted for problem in problems(fault, copy)]
        if wrong:
            sys.exit("\n".join(wrong))
        tests = Tests(copy, find_chromium())
        if not options.untested and not all_pass(tests, wanted):
            return 1
        caught = [is_caught(tests, fault) for fault in wanted]
    print(f"faults: {sum(caught)} of {len(wanted)} caught")
    return 0 if all(caught) else 1


def read(args: Sequence[str]) -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m checks.faults", description=__doc__)
    parser.add_argument("names", nargs="*", help="areas, or words of the names of faults; without any, all")
    parser.add_argument("--tests-from", type=Path, help="a checkout whose tests are run on the code of this one")
    parser.add_argument("--untested", action="store_true", help="do not first run the tests without a fault")
    return parser.parse_args(args)


def asked(fault: Fault, name: str) -> bool:
    """Whether a word of the command line means this fault."""
    return name == fault.area or name in fault.name


def copied(root: Path, copy: Path, *parts: str) -> None:
    """Copies a checkout with all changes that are not committed, or parts of it."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *parts]
    names = subprocess.run(command, cwd=root, stdout=subprocess.PIPE, check=True, encoding="utf-8").stdout
    for name in filter(None, names.split("\0")):
        if (root / name).exists():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(root / name, copy / name)


@dataclass(frozen=True, slots=True)
class Tests:
    """The tests of a copy, run in the environment of this checkout."""

    copy: Path
    chromium: str

    def run(self, tests: str) -> str | None:
        """The first test that fails; None where all pass."""
        command = [str(dev.PYTHON), "-m", "pytest", "-x", "-q", "-n", "0", "-rfE", *tests.split()]
        variables = dev.environment(PYTHONPATH=str(self.copy), CONVOSCOPE_CHROMIUM=self.chromium)
        done = subprocess.run(
            command, cwd=self.copy, env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8"
        )
        if done.returncode == PASSED:
            return None
        failed = re.search(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", done.stdout, re.MULTILINE)
        if done.returncode not in (FAILED, BROKEN) or failed is None:
            sys.exit(f"{done.stdout}\nfaults: pytest {tests} ended with {done.returncode}")
        return failed[1]


def all_pass(tests: Tests, faults: Sequence[Fault]) -> bool:
    """Whether the tests pass in code without a fault: else a fault that they catch would say nothing."""
    wanted = dict.fromkeys(one for fault in faults for one in fault.tests)
    failed = [failure for one in wanted if (failure := tests.run(one))]
    for failure in failed:
        print(f"faults: {failure} fails without any fault", flush=True)
    return not failed


def is_caught(tests: Tests, fault: Fault) -> bool:
    """Puts a fault in, runs its tests until one fails, takes the fault out; says what came of it."""
    file = tests.copy / fault.file
    whole = file.read_bytes()
    start = monotonic()
    file.write_bytes(whole.replace(fault.old.encode(), fault.new.encode()))
    failed = next((failure for one in fault.tests if (failure := tests.run(one))), None)
    file.write_bytes(whole)
    came = f"caught by {failed}" if failed else "NOT CAUGHT"
    print(f"{fault.area}: {fault.name}: {came} in {monotonic() - start:.0f} s", flush=True)
    return failed is not None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
