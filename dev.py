"""Convoscope's one tool: makes its own environment, then runs, tests or measures (standard library only)."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 (an older Python is to say this, and no more)
    sys.exit("Convoscope needs Python 3.11 or later; this is Python " + sys.version.split()[0] + ".")

import argparse
import contextlib
import errno
import hashlib
import importlib.util
import json
import os
import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator, Sequence
from itertools import takewhile
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
SCRIPTS = VENV / ("Scripts" if os.name == "nt" else "bin")
# Not sys.executable itself, which may be in the .venv that is to be made anew.
BASE: str = getattr(sys, "_base_executable", sys.executable)
PYTHON = SCRIPTS / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "convoscope.stamp"
RUNTIME_LOCK = ROOT / "requirements.lock"
EXPORT_LOCK = ROOT / "requirements-export.lock"
DEV_LOCK = ROOT / "requirements-dev.lock"
BUILD = ROOT / "build"
SOURCES = ("app", "benchmarks", "checks", "compute", "dev.py", "soak", "tests")
JAVASCRIPT = ("static/js", "tests/js")


# --- the environment ---


def ensure_environment() -> None:
    """Makes .venv anew when there is none, or a half-made one, or one for another lock or Python."""
    with one_at_a_time():
        wanted = fingerprint()
        if PYTHON.exists() and STAMP.exists() and STAMP.read_text() == wanted:
            return
        say("Setting up .venv (once; again when pyproject.toml or the lock changes) …")
        if VENV.exists():
            shutil.rmtree(VENV)
        for command in set_up_commands(shutil.which("uv")):
            quietly(command, cure="If this machine is offline: the set-up needs a Python package index once.")
        STAMP.write_text(wanted)  # last, so that a set-up cut short is started anew


def fingerprint() -> str:
    """What .venv was made from, as one line."""
    digest = hashlib.sha256()
    for part in (ROOT / "pyproject.toml", DEV_LOCK):
        digest.update(part.read_bytes())
    return f"{sys.version_info.major}.{sys.version_info.minor} {digest.hexdigest()}"


def set_up_commands(uv: str | None) -> list[list[str]]:
    """The commands that fill .venv: with uv where there is one, else with venv and pip."""
    if uv:
        return [
            [uv, "venv", "--quiet", "--no-project", "--python", BASE, str(VENV)],
            [uv, "pip", "sync", "--quiet", "--python", str(PYTHON), "--require-hashes", str(DEV_LOCK)],
        ]
    if not importlib.util.find_spec("venv") or not importlib.util.find_spec("ensurepip"):
        sys.exit(
            "This Python cannot make virtual environments: its venv or ensurepip module is missing.\n"
            "On Debian and Ubuntu: apt install python3-venv. Or install uv, which needs neither."
        )
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--quiet"]
    return [
        [BASE, "-m", "venv", str(VENV)],
        [*pip, "install", "--require-hashes", "--requirement", str(DEV_LOCK)],
    ]


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Holds a lock on this file, so that two first runs side by side do not build over each other."""
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    with open(__file__) as this_file:
        fcntl.flock(this_file, fcntl.LOCK_EX)
        yield


def environment(**more: str) -> dict[str, str]:
    """The variables our programs run with: the code is found from any folder, deno asks no network."""
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "DENO_NO_UPDATE_CHECK": "1", **more}


# --- running programs ---


def say(text: str) -> None:
    """Speaks about the set-up, apart from what the commands themselves print."""
    print(text, file=sys.stderr, flush=True)


def python(*args: str, **more: str) -> int:
    """Runs the environment's Python in the project's folder, showing what it prints."""
    return subprocess.run([str(PYTHON), *args], cwd=ROOT, env=environment(**more)).returncode


def quietly(command: Sequence[str], cure: str = "") -> str:
    """Runs a program and gives back what it printed; when it fails, ends with just that."""
    done = attempt(command)
    if done.returncode:
        sys.exit("\n".join(filter(None, [done.stdout.rstrip(), f"Failed: {' '.join(command)}", cure])))
    return done.stdout


def attempt(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=ROOT,
        env=environment(NO_COLOR="1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )


# --- run ---


def run(args: Sequence[str]) -> int:
    """start the server and print its address  [--host HOST] [--port PORT] [--open]"""
    parser = argparse.ArgumentParser(prog="dev.py run", description="Starts Convoscope on this machine.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument("--port", default=8000, type=port_number, help="port to listen on (%(default)s)")
    parser.add_argument("--open", action="store_true", help="open it in a browser")
    options = parser.parse_args(args)
    refuse_unless_free(options.host, options.port)
    ensure_environment()
    return become("-m", "app.cli", *args)


def port_number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise argparse.ArgumentTypeError(f"a port is a whole number from 1 to 65535, not {text!r}")
    return int(text)


def refuse_unless_free(host: str, port: int) -> None:
    """Ends in plain words when the address cannot be listened on."""
    problem = trouble_listening(host, port)
    if problem == errno.EADDRINUSE:
        nearby = (p for p in range(port + 1, min(port + 100, 65536)) if not trouble_listening(host, p))
        free = next(nearby, 0)
        cure = f"Port {free} is free: use --port {free}." if free else "Choose another with --port."
        sys.exit(f"Port {port} on {host} is taken, perhaps by another Convoscope. {cure}")
    if problem == errno.EACCES:
        sys.exit(f"This user may not listen on port {port}. Choose one above 1023 with --port.")
    if problem:
        sys.exit(f"{host} is no address of this machine. Leave --host out, or use 0.0.0.0 for all.")


def trouble_listening(host: str, port: int) -> int:
    """0 when a server could listen there, else the system's error number."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            if os.name == "posix":  # so a port just left counts as free; Windows would share a taken one
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (OSError, UnicodeError) as error:
        return getattr(error, "errno", None) or errno.EADDRNOTAVAIL
    return 0


def become(*args: str) -> int:
    """Goes over into a program of the environment, so that whoever ends this process ends the server."""
    if os.name == "nt":  # there it would leave the terminal behind
        return python(*args)
    os.chdir(ROOT)
    os.execve(PYTHON, [str(PYTHON), *args], environment())


# --- the other commands ---

# A process for each core. With -n 0 all tests run in one, which a debugger needs.
PARALLEL = ("-n", "auto")
# Checks that take so long that they run only when they are named.
ON_DEMAND = ("faults",)


def test(args: Sequence[str]) -> int:
    """run the tests, with --quick those without a browser; what follows goes to pytest"""
    ensure_environment()
    if "--quick" in args:
        return python("-m", "pytest", *PARALLEL, "-m", "not browser", *(one for one in args if one != "--quick"))
    search = [str(PYTHON), "-m", "tests.browsers"]
    found = subprocess.run(search, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, encoding="utf-8")
    return found.returncode or python("-m", "pytest", *PARALLEL, *args, CONVOSCOPE_CHROMIUM=found.stdout.strip())


def lint(args: Sequence[str]) -> int:
    """check style and types of Python and JavaScript"""
    if args:
        sys.exit(f"dev.py lint takes no arguments, so not {args[0]!r} either.")
    ensure_environment()
    deno = str(SCRIPTS / "deno")
    steps = {
        "ruff check": [str(PYTHON), "-m", "ruff", "check", "--quiet", "."],
        "ruff format": [str(PYTHON), "-m", "ruff", "format", "--quiet", "--diff", "."],
        "mypy": [str(PYTHON), "-m", "mypy", *SOURCES],
        "deno lint": [deno, "lint", "--quiet", *JAVASCRIPT],
        "deno check": [deno, "check", "--quiet", "--no-remote", "--no-npm", *JAVASCRIPT],
    }
    failed = [name for name, command in steps.items() if not passes(name, command)]
    return 1 if failed else 0


def passes(name: str, command: Sequence[str]) -> bool:
    """Runs one step of lint: a line when all is well, everything it said when not."""
    done = attempt(command)
    print(f"{name}: {'failed' if done.returncode else 'ok'}", flush=True)
    if done.returncode:
        print(done.stdout.rstrip(), flush=True)
    return not done.returncode


def bench(args: Sequence[str]) -> int:
    """run the benchmarks, all or those named"""
    return run_scripts("benchmarks", args)


def check(args: Sequence[str]) -> int:
    """run the slower checks with other people's programs, all or those named; faults only when named"""
    return run_scripts("checks", args, on_demand=ON_DEMAND)


def soak(args: Sequence[str]) -> int:
    """see what long loads, hostile inputs and faults do, all or those named  [options of the one named]"""
    names = list(takewhile(lambda one: not one.startswith("-"), args))
    return run_scripts("soak", names, args[len(names) :])


def run_scripts(
    folder: str, names: Sequence[str], options: Sequence[str] = (), *, on_demand: Sequence[str] = ()
) -> int:
    """Runs the scripts of a folder one after another, without names all but `on_demand`; 1 if any of them failed."""
    known = sorted(file.stem for file in (ROOT / folder).glob("*.py") if not file.stem.startswith("_"))
    unknown = [name for name in names if name not in known]
    if unknown:
        sys.exit(f"There is no {folder}/{unknown[0]}.py. There is: {', '.join(known)}.")
    ensure_environment()
    wanted = names or [name for name in known if name not in on_demand]
    failed = [name for name in wanted if python("-m", f"{folder}.{name}", *options)]
    if failed:
        say(f"Failed: {', '.join(failed)}")
    return 1 if failed else 0


def lock(args: Sequence[str]) -> int:
    """write the lock files anew; what follows goes to uv, for instance --upgrade"""
    ensure_environment()
    resolve = [str(SCRIPTS / "uv"), "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"]
    resolve += ["--fork-strategy", "fewest", "--generate-hashes", "--no-emit-index-url"]
    resolve += ["--custom-compile-command", "python3 dev.py lock", "pyproject.toml", *args]
    quietly([*resolve, "--output-file", RUNTIME_LOCK.name])
    # One version of a package in all of them: what serves is what was tested.
    tested = [*resolve, "--constraint", RUNTIME_LOCK.name]
    quietly([*tested, "--output-file", DEV_LOCK.name, "--extra", "dev"])
    everything = ["--extra", "export", "--extra", "metrics", "--constraint", DEV_LOCK.name]
    quietly([*tested, "--output-file", EXPORT_LOCK.name, *everything])
    return 0


def audit(args: Sequence[str]) -> int:
    """list the parts of every lock in build/, and ask which have known weaknesses"""
    if args:
        sys.exit(f"dev.py audit takes no arguments, so not {args[0]!r} either.")
    ensure_environment()
    BUILD.mkdir(exist_ok=True)
    return max([audited(lock) for lock in (RUNTIME_LOCK, EXPORT_LOCK, DEV_LOCK)])


def audited(lock: Path) -> int:
    """0 when no part of a lock has a known weakness, 1 when one has, 2 when nobody could be asked."""
    parts, report = BUILD / f"{lock.stem}.cdx.json", BUILD / f"{lock.stem}.audit.json"
    list_parts = ["requirements", "--pyproject", "pyproject.toml", "--output-reproducible", "--output-file", str(parts)]
    quietly([str(SCRIPTS / "cyclonedx-py"), *list_parts, lock.name])
    report.unlink(missing_ok=True)
    # Nothing is installed for it: the lock says all there is, with hashes.
    ask = ["--require-hashes", "--disable-pip", "--strict", "--progress-spinner", "off", "--format", "json"]
    done = attempt([str(SCRIPTS / "pip-audit"), *ask, "--output", str(report), "--requirement", lock.name])
    known = json.loads(report.read_text())["dependencies"] if report.exists() else []
    weak = [(part, one) for part in known for one in part["vulns"]]
    for part, one in weak:
        better = ", ".join(one["fix_versions"]) or "no version yet"
        print(f"{lock.name}: {part['name']} {part['version']} has {one['id']}; mended in {better}", flush=True)
    if done.returncode and not weak:
        reason = done.stdout.strip().rpartition("\n")[2][:300]
        say(
            f"{lock.name}: listed in {parts.name}, but whether a part has known weaknesses could not be asked: {reason}"
        )
        say("That needs pypi.org, which tells of weaknesses; a mirror that only has the files does not.")
        return 2
    print(f"{lock.name}: {len(known)} parts, {len(weak)} known weaknesses; listed in build/{parts.name}", flush=True)
    return 1 if weak else 0


# --- the command line ---

COMMANDS: dict[str, Callable[[Sequence[str]], int]]
COMMANDS = {
    "run": run,
    "test": test,
    "lint": lint,
    "bench": bench,
    "check": check,
    "soak": soak,
    "lock": lock,
    "audit": audit,
}


def overview() -> str:
    lines = [f"  {name:<6} {command.__doc__}" for name, command in COMMANDS.items()]
    return "\n".join(["usage: python3 dev.py [command] [options]", "", *lines, "", "Without a command: run."])


def main(args: Sequence[str]) -> int:
    if args and args[0] in ("-h", "--help", "help"):
        print(overview())
        return 0
    if not args or args[0].startswith("-"):
        return run(args)
    if args[0] not in COMMANDS:
        say(f"There is no command {args[0]!r}.\n{overview()}")
        return 2
    return COMMANDS[args[0]](args[1:])


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
