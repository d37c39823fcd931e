"""What a page says of its figure to programs that show links: the picture, the tags, and where oEmbed is asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from app import still

WIDTH, HEIGHT = 1200, 630
LEARN, EMBED, OEMBED = "/learn/", "/embed/", "/oembed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfurled:
    """What `unfurl.html` is handed.

    Attributes:
        title: of the figure, with its step.
        description: the kind in a line.
        alt: the step in words.
        url: this page, absolute; None where the server does not know its own address.
        image: the picture, absolute; None where that is not known, or pictures cannot be drawn here.
        width, height: of the picture.
        oembed: where the figure is described for embedding, absolute, or None.
        still: the picture as SVG, for whoever has no scripts, or None; by the theme asked for, else light.
        dark: the same for whose system is dark, where no theme was asked for, else None.
    """

    title: str
    description: str
    alt: str
    url: str | None
    image: str | None
    oembed: str | None
    still: str | None
    dark: str | None
    width: int = WIDTH
    height: int = HEIGHT


def shown_step(asked: int | None, steps: int) -> int:
    """The step that a picture shows: the one asked for, else one in the middle, where there is something to see."""
    return (steps + 1) // 2 if asked is None else asked


def picture_path(slug: str, params: Mapping[str, str], form: str = "png") -> str:
    """The address of a figure's picture below the server's own; what is empty in `params` is left out."""
    return f"{EMBED}{slug}/picture.{form}{_query(params)}"


def unfurled(
    *,
    base_url: str,
    path: str,
    typed: Mapping[str, str],
    slug: str,
    figure: Mapping[str, str],
    view: Mapping[str, str],
    title: str,
    description: str,
    alt: str,
) -> Unfurled:
    """What a lesson or an embed says of its figure.

    Args:
        base_url: the server's own address, or "".
        path, typed: the page's address and what stands behind it.
        slug, figure: the kind, and the parameters of the figure on show.
        view: how the picture shows it: step, theme, stage, lang; those that are empty say nothing.
        title, description, alt: words, see Unfurled.
    """
    drawn = still.missing() is None
    shown = {**figure, **view}
    url = f"{base_url}{path}{_query(typed)}" if base_url else None
    themed = bool(view.get("theme"))
    return Unfurled(
        title=title,
        description=description,
        alt=alt,
        url=url,
        image=base_url + picture_path(slug, shown) if base_url and drawn else None,
        oembed=f"{base_url}{OEMBED}{_query({'url': url})}" if url else None,
        still=picture_path(slug, shown, "svg") if drawn else None,
        dark=None if themed or not drawn else picture_path(slug, {**shown, "theme": "dark"}, "svg"),
    )


def _query(pairs: Mapping[str, str]) -> str:
    query = urlencode({name: value for name, value in pairs.items() if value})
    return f"?{query}" if query else ""
