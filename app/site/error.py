"""What stands in the way of a site."""


class SiteError(ValueError):
    """What was asked for cannot be built; the message is a sentence for whoever asked."""
