"""A site built: its pages asked for from the application, its figures computed, all of it written into a folder."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path

from starlette.requests import Request

from app.assets import Assets, plotly
from app.i18n import Translator
from app.main import create_app
from app.offline.files import source
from app.offline.html import Attributes, Parts, data_of, inline_sheet, policy, rewritten, with_data
from app.offline.loopback import get
from app.offline.making import in_words
from app.offline.pack import limits_of
from app.offline.ranges import Ranges
from app.pages import Pages
from app.resources import Resources
from app.settings import Settings
from app.shown import OF_THE_PAGE
from app.site.figures import Wishes, usual
from app.site.folder import write
from app.site.pages import Page, Plan, Writer
from app.site.shelves import Shelf, shelf_of
from app.work import Workers
from compute.kinds import KINDS

HELD = "held"


@dataclass(frozen=True, slots=True)
class Built:
    """What came of it."""

    figures: int
    files: int
    bytes: int


def build(
    folder: Path,
    plan: Plan,
    wishes: Mapping[str, Wishes],
    settings: Settings,
    tell: Callable[[str, int], None] = lambda slug, figures: None,
) -> Built:
    """Write the site of a plan into a folder; `wishes` are by kind, `tell` hears of each kind that is computed."""
    # The pages are asked for once, and nothing is sent: keeping or packing them would only take time.
    own = replace(settings, base_url="", cache_bytes=0, brotli_quality=0)
    resources = Resources(own)
    pages = asyncio.run(_pages(plan, own))
    _collect(pages, plan, resources.assets, wishes)
    shelves = {}
    for slug in plan.kinds:
        shelves[slug] = shelf_of(KINDS[slug], wishes[slug])
        tell(slug, len(shelves[slug].all.keys))
    held = f"{HELD}/{_digest(shelves.values())}"
    files = {
        **_assets(resources.assets),
        **{f"{held}/{slug}/{name}": body for slug, shelf in shelves.items() for name, body in shelf.files.items()},
        **_written(pages, plan, resources, shelves, held, wishes),
        "404.html": _missing(plan, own, resources).encode(),
    }
    for name, body in sorted(files.items()):
        write(folder, name, body)
    figures = sum(len(shelf.all.keys) for shelf in shelves.values())
    return Built(figures, len(files), sum(map(len, files.values())))


async def _pages(plan: Plan, settings: Settings) -> list[Page]:
    app = create_app(settings)
    addresses = ["/", *(f"/learn/{slug}" for slug in plan.kinds), *(f"/embed/{slug}" for slug in plan.kinds)]
    found = []
    for lang in plan.languages:
        for path in addresses:
            # A frame may show less than all; what it shows not is taken out of its page there.
            answer = await get(app, f"{path}?controls=all" if path.startswith("/embed/") else path, lang)
            if answer.status != 200:
                raise RuntimeError(f"{path} is answered with {answer.status}")
            found.append(Page(lang, path, answer.text))
    return found


def _collect(pages: list[Page], plan: Plan, assets: Assets, wishes: Mapping[str, Wishes]) -> None:
    """Notes which figures the pages lead to: whatever they link to is held."""
    writer = Writer(plan, assets, HELD, lambda lang, path: {})
    for page in pages:
        writer.rewrite(page)
        for slug, pairs in page.links:
            figure = {name: value for name, value in pairs.items() if name not in OF_THE_PAGE}
            wishes[slug].figures.append((figure, {}))
        if page.attempts:
            wishes[page.path.rsplit("/", 1)[1]].attempts.extend(page.attempts)


def _written(
    pages: list[Page],
    plan: Plan,
    resources: Resources,
    shelves: Mapping[str, Shelf],
    held: str,
    wishes: Mapping[str, Wishes],
) -> dict[str, bytes]:
    def words(lang: str, path: str) -> dict[str, str]:
        t = resources.translator(lang)
        slug = path.rsplit("/", 1)[1]
        return {"says": t("site.none"), **({"beyond": beyond(slug, wishes[slug].ranges, t)} if slug else {})}

    writer = Writer(plan, resources.assets, held, words)
    files = {}
    for page in pages:
        place = plan.place(page.lang, page.path) or ""
        if page.path != "/":
            shelf = shelves[page.path.rsplit("/", 1)[1]]
            page.text = _with_limits(page.text, shelf, words(page.lang, page.path)["beyond"])
        files[place] = writer.rewrite(page).encode()
    return files


def beyond(slug: str, ranges: Ranges, t: Translator) -> str:
    """What is said of a figure that a site does not hold."""
    kind = KINDS[slug]
    together = [in_words(one, t) for one in (usual(kind), ranges) if one]
    return t("site.held", together="; ".join(together)) if together else t("site.alone")


def _with_limits(page: str, shelf: Shelf, says: str) -> str:
    data = data_of(page)
    preset = dict(shelf.kind.presets[0].params)
    data["limits"] = limits_of(shelf.kind, preset, shelf.all, says)
    data.pop("assets", None)
    return with_data(page, data)


def _missing(plan: Plan, settings: Settings, resources: Resources) -> str:
    """The page for addresses that are none: it may be shown at any depth, so that all of it is in itself."""
    lang = plan.languages[0]
    said = resources.translator(lang)("site.missing")
    error = {"code": "not_found", "field": "", "message": said, "hint": "", "values": {}}
    headers = [(b"accept-language", lang.encode())]
    request = Request({"type": "http", "path": "/404.html", "query_string": b"", "headers": headers})
    text = Pages(resources, settings, Workers(1)).render_error(request, 404, error)

    def link(href: str) -> str | None:
        place = plan.place(lang, href) if href.startswith("/") else None
        return f"{plan.base_url}/{place}" if place and plan.base_url else None

    def attributes(tag: str, given: Attributes) -> Attributes | None:
        languages = tag == "nav" and "languages" in (given.get("class") or "")
        foreign = given.get("data-kind", plan.kinds[0]) not in plan.kinds
        return None if languages or foreign or (tag == "a" and given.get("href") == "/docs") else given

    page = rewritten(
        text,
        Parts(
            sheet=lambda address: inline_sheet(source(resources.assets, address).body.decode()),
            icon=lambda _: "data:,",
            link=link,
            script=lambda _: "",
            deferred=lambda address, name, module: None,
            attributes=attributes,
        ),
    )
    return page.replace("<head>", "<head>" + policy("'none'"), 1)


def _assets(assets: Assets) -> dict[str, bytes]:
    """The static files, where pages name them."""
    files = {assets.url(name)[1:]: source(assets, assets.url(name)).body for name in assets.names()}
    return files | {assets.url(plotly().name)[1:]: plotly().body}


def _digest(shelves: Iterable[Shelf]) -> str:
    """A name for these very figures: an index that a browser keeps never meets the packs of another build."""
    hashed = blake2b(digest_size=8)
    for shelf in shelves:
        for name, body in sorted(shelf.files.items()):
            hashed.update(f"{shelf.kind.slug}/{name} {len(body)} ".encode())
            hashed.update(body)
    return hashed.hexdigest()
