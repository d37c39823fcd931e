"""The `convoscope` command: serves the application on this machine, or writes files of figures."""

import argparse
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace

import uvicorn

from app.settings import Settings, SettingsError

Run = Callable[[Sequence[str], Settings], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the first word says, serve where there is none; 2 where the settings cannot be understood."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if not words or (words[0].startswith("-") and words[0] not in _HELP):
        words.insert(0, "serve")
    name, *rest = words
    if name not in COMMANDS or set(rest) & _HELP:
        _parser().parse_args(words)  # help, or what there is instead
        return 2
    try:
        settings = Settings.from_environment()
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    return COMMANDS[name](rest, settings)


def _serve(arguments: Sequence[str], settings: Settings) -> int:
    parser = argparse.ArgumentParser(prog="convoscope serve")
    _add_serving(parser)
    options = parser.parse_args(arguments)
    return serve(options.host, options.port, settings, open_browser=options.open)


def _export(arguments: Sequence[str], settings: Settings) -> int:
    # Imported late, as everything that serving does not need.
    from app.exporting import command

    return command.run(arguments, settings)


def _build(arguments: Sequence[str], settings: Settings) -> int:
    from app.site import command

    return command.run(arguments, settings)


# What each first word does; each also has its line in `_parser`, for --help.
COMMANDS: dict[str, Run] = {"serve": _serve, "export": _export, "build": _build}
_HELP = {"-h", "--help"}


def serve(host: str, port: int, settings: Settings, *, open_browser: bool) -> int:
    """Run the server and tell its address once it answers; 2 where it cannot be put together."""
    # Imported late: it reads every file, and --help should not wait for that.
    from app import serving
    from app.logs import EVENTS
    from app.main import create_app

    address = serving.address_of(host, port)
    # Where others reach it too, the address of their links is for whoever runs it to say.
    known = address if serving.is_private(host) else ""
    try:
        application = create_app(replace(settings, base_url=settings.base_url or known))
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2

    def announce() -> None:
        if settings.log:
            EVENTS.info("serving", extra={"fields": {"address": address}})
        else:
            print(f"Convoscope runs at {address}/ (Ctrl+C ends it)", flush=True)
        if open_browser:
            serving.open_browser(f"{address}/")

    config = uvicorn.Config(
        application,
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=settings.shutdown_seconds,
    )
    server = serving.Server(config, application.life, settings.drain_seconds, announce)
    with suppress(KeyboardInterrupt):
        server.run()
    return 0 if server.started else 1


def _parser() -> argparse.ArgumentParser:
    """All commands, for whoever asks what there is."""
    from app.exporting import command as exporting
    from app.site import command as building

    parser = argparse.ArgumentParser(
        prog="convoscope",
        description="Every convolution type, step by step. Without a command, it serves.",
        epilog="convoscope COMMAND --help tells what a command takes.",
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    _add_serving(commands.add_parser("serve", help="serve the pages on this machine"))
    exporting.add_to(commands)
    building.add_to(commands)
    return parser


def _add_serving(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (%(default)s)")
    parser.add_argument("--port", default=8000, type=_port, help="the port to listen on (%(default)s)")
    parser.add_argument("--open", action="store_true", help="open a browser")


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise argparse.ArgumentTypeError(f"a port is a whole number from 1 to 65535, not {text!r}")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
