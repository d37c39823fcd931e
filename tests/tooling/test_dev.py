"""dev.py, as someone meets it who types its commands."""

import http.client
import signal
import socket
import sys
from pathlib import Path

import pytest

import dev
from tests.servers import HOST, free_port
from tests.tooling.projects import Project, last_line, make_project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return make_project(tmp_path)


def test_an_older_python_is_told_so_in_one_line(project: Project) -> None:
    ended = project.dev("test", before="sys.version_info = (3, 10, 4)")
    assert ended.code != 0
    assert ended.err.startswith("Convoscope needs Python 3.11 or later; this is Python ")
    assert len(ended.err.splitlines()) == 1


def test_the_environment_is_set_up_once(project: Project) -> None:
    first, second = project.dev("bench"), project.dev("bench")
    assert project.set_ups() == 1
    assert "Setting up" in first.err
    assert second.err == ""


@pytest.mark.parametrize("file", ["pyproject.toml", "requirements-dev.lock"])
def test_the_environment_is_set_up_again_when_what_it_is_made_from_changes(project: Project, file: str) -> None:
    project.dev("bench")
    project.write(file, "# another line\n")
    project.dev("bench")
    project.dev("bench")
    assert project.set_ups() == 2


def test_the_environment_is_set_up_again_for_another_python(project: Project) -> None:
    project.dev("bench")
    project.dev("bench", before="sys.version_info = type('', (tuple,), {'major': 4, 'minor': 0})((4, 0))")
    assert project.set_ups() == 2


def test_a_set_up_that_was_cut_short_is_started_anew(project: Project) -> None:
    failed = project.dev("bench", UV_FAILS="sync")
    assert failed.code != 0
    assert "no such package" in failed.err
    assert "package index" in failed.err
    assert not project.stamp.exists()
    project.write(".venv/left over", "")
    assert project.dev("bench").code == 0
    assert not (project.root / ".venv" / "left over").exists()


def test_two_first_runs_side_by_side_set_up_once(project: Project) -> None:
    both = [project.start("bench", UV_TAKES="0.3") for _ in range(2)]
    for process in both:
        process.communicate(timeout=60)
    assert [process.returncode for process in both] == [0, 0]
    assert project.set_ups() == 1


def test_without_uv_the_standard_library_sets_up(project: Project) -> None:
    ended = project.dev("bench", "first", uv=False)
    assert ended.out == "the first\n"
    assert ended.code == 0
    assert project.set_ups() == 0
    assert (project.root / ".venv" / "pyvenv.cfg").exists()


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_python_without_venv_names_the_package_that_brings_it(project: Project, module: str) -> None:
    ended = project.dev("bench", uv=False, before=f"sys.modules[{module!r}] = None")
    assert ended.code != 0
    assert "apt install python3-venv" in ended.err
    assert "Traceback" not in ended.err


def test_run_prints_the_address_once_the_server_answers_there(project: Project) -> None:
    port = free_port()
    process = project.start("--port", str(port))
    assert process.stdout
    try:
        assert f"http://{HOST}:{port}/" in process.stdout.readline()
        assert status(port) == 200
    finally:
        process.terminate()
        process.communicate(timeout=60)
    with pytest.raises(ConnectionRefusedError):
        status(port)


def test_run_ends_without_complaint_when_interrupted(project: Project) -> None:
    process = project.start("run", "--port", str(free_port()))
    assert process.stdout
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert "Traceback" not in err


def test_run_passes_its_options_on(project: Project) -> None:
    (project.root / "app").unlink()
    project.write("app/cli.py", "import sys; print(sys.argv[1:])")
    port = str(free_port())
    assert project.dev("run", "--open", "--port", port).out == f"{['--open', '--port', port]}\n"


def test_a_taken_port_is_said_before_anything_is_set_up_and_a_free_one_offered(project: Project) -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = project.dev("--port", str(port))
    assert ended.code != 0
    assert ended.out == ""
    assert f"Port {port} on {HOST} is taken" in ended.err
    assert "Traceback" not in ended.err
    assert project.set_ups() == 0
    offered = int(ended.err.rsplit("--port ", 1)[1].rstrip(".\n"))
    assert port < offered < port + 100


@pytest.mark.parametrize("port", ["0", "65536", "-1", "8000.5", "http", ""])
def test_a_port_that_is_none_is_refused_with_the_range(project: Project, port: str) -> None:
    ended = project.dev("run", f"--port={port}")
    assert ended.code == 2
    assert "a whole number from 1 to 65535" in ended.err


def test_a_host_that_is_not_this_machine_is_refused(project: Project) -> None:
    ended = project.dev("run", "--host", "192.0.2.1", "--port", str(free_port()))
    assert ended.code == 1
    assert "192.0.2.1 is no address of this machine" in ended.err


def test_test_passes_its_arguments_on_and_ends_with_the_closing_line_of_pytest(project: Project) -> None:
    ended = project.dev("test", "-k", "one")
    assert ended.code == 0
    assert last_line(ended.out).startswith("1 passed in ")


def test_quick_leaves_out_what_needs_a_browser_and_looks_for_none(project: Project) -> None:
    project.write("tests/browsers.py", "raise SystemExit('There is no browser.')")
    ended = project.dev("test", "--quick")
    assert ended.code == 0
    assert last_line(ended.out).startswith("1 passed in ")


def test_test_gives_back_what_pytest_makes_of_a_failure(project: Project) -> None:
    project.write("tests/test_here.py", "def test_it(): assert 1 == 2")
    ended = project.dev("test")
    assert ended.code == 1
    assert last_line(ended.out).startswith("1 failed in ")


def test_test_without_a_browser_is_an_error_not_a_skip(project: Project) -> None:
    project.write("tests/browsers.py", "raise SystemExit('There is no browser.')")
    ended = project.dev("test")
    assert ended.code == 1
    assert last_line(ended.err) == "There is no browser."
    assert ended.out == ""


def test_bench_runs_all_scripts_or_those_named(project: Project) -> None:
    assert project.dev("bench").out == "the first\nthe second\n"
    assert project.dev("bench", "second").out == "the second\n"


def test_a_script_that_is_not_there_is_answered_with_those_that_are(project: Project) -> None:
    ended = project.dev("bench", "third")
    assert ended.code == 1
    assert "There is: first, second." in ended.err


def test_check_fails_with_the_name_of_what_failed_after_running_the_rest(project: Project) -> None:
    ended = project.dev("check")
    assert ended.code == 1
    assert ended.out == "the passing one\n"
    assert last_line(ended.err) == "Failed: failing"


def test_a_check_that_takes_long_runs_when_it_is_named(project: Project) -> None:
    assert project.dev("check", "faults").out == "the one that takes long\n"


def test_a_step_of_lint_is_quiet_unless_it_fails(capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.passes("good", [sys.executable, "-c", "print('a remark')"])
    assert capsys.readouterr().out == "good: ok\n"
    assert not dev.passes("bad", [sys.executable, "-c", "print('the reason'); raise SystemExit(1)"])
    assert capsys.readouterr().out == "bad: failed\nthe reason\n"


def test_an_unknown_command_is_answered_with_all_commands(project: Project) -> None:
    ended = project.dev("tests")
    assert ended.code == 2
    assert "'tests'" in ended.err
    for command in ("run", "test", "lint", "bench", "check", "soak", "lock", "audit"):
        assert f"\n  {command} " in ended.err


def test_help_is_no_error(project: Project) -> None:
    ended = project.dev("--help")
    assert ended.code == 0
    assert ended.out.startswith("usage: python3 dev.py")


def test_dev_py_needs_the_standard_library_alone() -> None:
    source = (Path(__file__).resolve().parent.parent.parent / "dev.py").read_text()
    imported = {line.split()[1].split(".")[0] for line in source.splitlines() if line.startswith(("import ", "from "))}
    assert imported
    assert imported <= sys.stdlib_module_names


def status(port: int) -> int:
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    connection.request("GET", "/healthz")
    code = connection.getresponse().status
    connection.close()
    return code
