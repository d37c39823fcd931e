"""What pages are made of, held together: static files, strings and templates, read at start or at each change."""

from collections.abc import Iterable, Mapping

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from app import paths
from app.assets import Assets
from app.i18n import DEFAULT_LANGUAGE, Translator, read_catalogues
from app.settings import Settings


class Resources:
    """The files of one application; with `settings.reload` they are looked at again on every request."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        # Whoever changes scripts sees them in the browser as they are written.
        self._assets = Assets(paths.STATIC, pack=not settings.reload)
        self._read_templates()

    @property
    def assets(self) -> Assets:
        """The static files."""
        if self.settings.reload:
            self._assets = self._assets.refreshed()
        return self._assets

    def translator(self, lang: str = DEFAULT_LANGUAGE) -> Translator:
        """The strings of a language."""
        return self._translators[lang]

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that there are, by the names of their folders."""
        return tuple(self._translators)

    def render(self, template: str, context: Mapping[str, object], lang: str = DEFAULT_LANGUAGE) -> str:
        """A page. Besides its context, templates and macros have `t` (strings), `asset` (addresses), `cells`."""
        if self.settings.reload:
            self._read_templates()
        return self._environments[lang].get_template(template).render(context)

    def _read_templates(self) -> None:
        engine = read_catalogues(paths.LOCALES, "engine")
        self._translators = {
            lang: Translator(lang, strings, self.settings.strict_strings, engine.get(lang, {}))
            for lang, strings in read_catalogues(paths.LOCALES).items()
        }
        # One environment a language, so that macros find its strings without being handed them.
        self._environments = {lang: self._environment(t) for lang, t in self._translators.items()}

    def _environment(self, translator: Translator) -> Environment:
        environment = Environment(
            loader=FileSystemLoader(paths.TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.globals["t"] = translator
        environment.globals["asset"] = lambda name: self.assets.url(name)
        environment.globals["cells"] = cells
        return environment


def cells(numbers: Iterable[float | None]) -> Markup:
    """Numbers as cells of a row, written at once: there are a million in the largest figures.

    >>> cells([1, -2.5])
    Markup('<td>1</td><td>−2.5</td>')
    """
    written = "</td><td>".join(map(str, numbers)).replace("-", "−")
    return Markup(f"<td>{written}</td>")
