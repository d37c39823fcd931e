"""Which language a page speaks: what its link says, else what the reader's browser asks for, else English."""

from collections.abc import Collection

from app.i18n import DEFAULT_LANGUAGE

MOST_READ = 200  # characters of a header


def chosen(asked: str | None, accept: str, known: Collection[str]) -> str:
    """The language of a page.

    >>> chosen("zh", "en", {"en", "zh"}), chosen(None, "fr, zh-CN;q=0.9, en;q=0.8", {"en", "zh"})
    ('zh', 'zh')
    >>> chosen("xx", "", {"en", "zh"})
    'en'
    """
    if asked in known:
        return str(asked)
    for tag in _by_preference(accept):
        primary = tag.split("-")[0].lower()
        if primary in known:
            return primary
    return DEFAULT_LANGUAGE


def _by_preference(accept: str) -> list[str]:
    """The tags of an Accept-Language header, the most wanted first; what cannot be read counts as unwanted.

    >>> _by_preference("en;q=0.5, zh-CN, fr;q=0, de;q=x")
    ['zh-CN', 'en']
    """
    found = []
    for part in accept[:MOST_READ].split(","):
        tag, _, quality = part.strip().partition(";q=")
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            continue
        if tag and 0 < weight <= 1:
            found.append((weight, tag.strip()))
    return [tag for _, tag in sorted(found, key=lambda pair: -pair[0])]
