"""What a server in front of the application says in its place: `python3 -m app.front` writes it for nginx.

As files, since it is said when the application cannot speak: for programs as JSON in the shape of every error, for
readers as a page in each language that asks for nothing further.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

import jinja2
import orjson

from app import paths
from app.bodies import too_large
from app.errors import document_of
from app.exports.limits import Limits
from app.i18n import Translator, read_catalogues
from app.settings import Settings
from compute.errors import ConvError

FOLDER = Path(__file__).resolve().parent.parent / "deploy" / "nginx" / "errors"


def said(settings: Settings) -> Mapping[str, ConvError]:
    """Each error that is answered in front, by the name of its files."""
    return {
        "malformed": ConvError(
            "malformed_request", "", "This request is not one that a browser sends.", "Send it as HTTP/1.1 says."
        ),
        "nothing": ConvError("not_public", "", "This address is only for whoever runs the server.", "Start at /."),
        "body": too_large(settings.body_limit),
        "frames": Limits.of(settings).too_long(),
        "address": ConvError(
            "address_too_long",
            "",
            f"The address is too long to be read: its query may have {settings.query_limit:,} bytes.",
            "Send long values as a JSON body with POST.",
            limit=settings.query_limit,
        ),
        "headers": ConvError(
            "headers_too_large", "", "The headers of this request are too large to be read.", "Send fewer of them."
        ),
        "hurry": ConvError(
            "too_many_requests",
            "",
            "More was asked from here than one reader needs.",
            "Wait two seconds. Whoever runs the server can allow a lecture hall more.",
            retry_after=2,
        ),
        "away": ConvError(
            "server_away", "", "The server does not answer at the moment.", "Try again in some seconds.", retry_after=5
        ),
    }


def files(settings: Settings) -> Iterator[tuple[str, bytes]]:
    """Every file by its name in the folder."""
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(paths.TEMPLATES), autoescape=True)
    page = environment.get_template("front.html")
    engine = read_catalogues(paths.LOCALES, "engine")
    for name, error in said(settings).items():
        document = document_of(error)
        yield f"{name}.json", orjson.dumps({"error": document}) + b"\n"
        for lang, strings in read_catalogues(paths.LOCALES).items():
            t = Translator(lang, strings, strict=True, engine=engine.get(lang, {}))
            yield f"{lang}.{name}.html", page.render(t=t, error=t.error(document)).encode() + b"\n"


def main(folder: Path = FOLDER) -> None:
    """Write them all, by the limits that are the default."""
    folder.mkdir(exist_ok=True)
    for name, content in files(Settings()):
        (folder / name).write_bytes(content)


if __name__ == "__main__":
    main()
