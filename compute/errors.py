"""Errors that teach: the field, the numbers in conflict, and the nearest value that works."""

from typing import Any


class ConvError(Exception):
    """What a reader asked for cannot be done.

        ConvError
        ├── ParameterError       one parameter is not what it can be (range, type, form, name)
        ├── GeometryError        parameters that contradict each other (kernel and input, groups and channels, …)
        ├── BudgetError          more than one answer may hold
        └── ValueOverflowError   finite values whose products leave the range of float64

    Attributes:
        code: a stable name, by which a page says the error in its own language.
        field: the parameter that is easiest to change, as it is called in a query string.
        message: what is wrong, in numbers; one or two English sentences.
        hint: what to do instead; may be empty.
        values: the numbers of the message. ``values["nearest"]``, where there is one, can be put into ``field``
            as it stands, and works as far as this error goes.
    """

    def __init__(self, code: str, field: str, message: str, hint: str = "", **values: Any) -> None:
        super().__init__(message)
        self.code = code
        self.field = field
        self.message = message
        self.hint = hint
        self.values = values

    def document(self) -> dict[str, Any]:
        """The error as it goes over the wire, without its envelope."""
        return {
            "code": self.code,
            "field": self.field,
            "message": self.message,
            "hint": self.hint,
            "values": self.values,
        }


class ParameterError(ConvError):
    """One parameter is not what it can be, whatever the others are."""


class GeometryError(ConvError):
    """Parameters that are possible alone contradict each other."""


class BudgetError(ConvError):
    """The answer would hold, or cost, more than one answer may."""


class ValueOverflowError(ConvError):
    """Finite values whose products or sums leave the range of float64."""
