"""The documents of the API as types: read by OpenAPI and by tests, never on the way of an answer."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Number = int | float | None
# A tensor's values nest as deep as it has axes: filter, channel, slice, row, column at most.
Row = list[Number]
Values = list[list[Row] | list[list[Row]] | list[list[list[Row]]] | Row]
Size = list[int]
Pairs = list[Annotated[list[int], Field(min_length=2, max_length=2)]]
Table = list[list[int | float]]


class Document(BaseModel):
    """A part of an answer; a key that is not documented is a fault."""

    model_config = ConfigDict(extra="forbid")


class ErrorDetails(Document):
    """What is wrong, in numbers, and the nearest value that works."""

    code: Annotated[str, Field(description="a stable name of the error")]
    field: Annotated[str, Field(description="the parameter it is about; empty where it is about the request")]
    message: Annotated[str, Field(description="what is wrong, in numbers")]
    hint: Annotated[str, Field(description="what to do instead; may be empty")]
    values: Annotated[
        dict[str, Any],
        Field(description="the numbers of the message; `nearest` can be put into `field` as it stands, and works"),
    ]


class ErrorDocument(Document):
    """The one shape of every error."""

    error: ErrorDetails


class PresetDocument(Document):
    """A named figure: what differs from the defaults, as it stands in a query string."""

    id: str
    title: str
    params: dict[str, str]


class KindDocument(Document):
    """One kind of convolution."""

    slug: str
    title: str
    summary: str
    group: Literal["foundations", "shape", "upsampling", "efficiency", "tools"]
    number: Annotated[int | None, Field(description="its number in the order in which the kinds teach")]
    parameters: Annotated[dict[str, Any], Field(alias="schema", description="JSON Schema of its parameters")]
    presets: list[PresetDocument]


class KindsDocument(Document):
    """The catalogue, in the order in which the kinds teach."""

    kinds: list[KindDocument]


class TensorDocument(Document):
    """A named tensor; `values` nest as `shape` says, row-major, and are null where only steps were asked for."""

    role: Literal["input", "padded", "kernel", "hidden", "output"]
    axes: list[Literal["filter", "channel", "slice", "row", "column"]]
    shape: Size
    values: Values | None = None
    of: Annotated[str | None, Field(description="the tensor that this one is another reading of")] = None
    origins: Annotated[
        list[Size] | None,
        Field(alias="from", description="an entry an axis: the index in `of`, or -1 for a stuffed zero"),
    ] = None


class AxisDocument(Document):
    """One spatial axis: a row an output index (a stamp: an input index), a column a kernel tap."""

    at: Annotated[Table, Field(description="the input coordinate that the tap stands on")]
    source: Annotated[Table, Field(description="the input index whose value it reads, or -1")]
    targets: Annotated[Table | None, Field(description="a stamp: the output index written, -1 if cropped")] = None
    weights: Annotated[Table | None, Field(description="resizing: the share of each value read")] = None


class StepsDocument(Document):
    """The steps of one stage, as columns."""

    start: int
    count: int
    total: int
    offset: Annotated[int, Field(description="the number of its first step in the sequence of all stages")]
    position: list[Size]
    products: list[list[Number]]
    value: list[Number]


class OverlapDocument(Document):
    """How many (cell, tap) pairs meet each cell; `counts` is the outer product of `per_axis`."""

    tensor: str
    per_axis: list[Size]
    counts: Values | Size | None = None
    min: int
    max: int
    even: Annotated[bool, Field(description="whether, far from the borders, every cell meets as many taps")]


class CostDocument(Document):
    """What a stage costs, padding included, as frameworks run it."""

    multiplications: int
    additions: int
    parameters: int
    comparisons: int = 0


class AxisTableOnlyDocument(Document):
    """One axis of the zero-stuffed reading."""

    at: Table


class ZeroStuffedDocument(Document):
    """A transposed convolution read as an ordinary window over stuffed zeros."""

    input: str
    kernel: str
    axes: list[AxisTableOnlyDocument]


class MatrixDocument(Document):
    """C of the direct convolution; the transposed one is y = Cᵀx."""

    shape: Size
    values: list[Row]


class StageDocument(Document):
    """One stage: which input cell meets which weight for which output cell."""

    id: str
    operation: Literal["correlate", "transpose", "pool", "shuffle", "resize", "activate", "sum"]
    by: Literal["output", "input"]
    input: str | None = None
    inputs: list[str] | None = None
    kernel: str | None = None
    output: str
    groups: int | None = None
    kernel_size: Size | None = None
    stride: Size | None = None
    padding: Pairs | None = None
    dilation: Size | None = None
    padding_mode: Literal["zeros", "reflect", "replicate", "circular"] | None = None
    output_padding: Size | None = None
    flip: bool | None = None
    bias: list[Number] | None = None
    mode: str | None = None
    count_include_pad: bool | None = None
    permutation: Size | None = None
    size: Size | None = None
    function: str | None = None
    channels: list[Size] | None
    axes: list[AxisDocument] | None
    steps: StepsDocument | None = None
    overlap: OverlapDocument | None
    cost: CostDocument
    zero_stuffed: ZeroStuffedDocument | None = None
    matrix: MatrixDocument | None = None


class FormulaAxisDocument(Document):
    """A formula with the numbers of one axis."""

    substituted: str
    mathml: str
    value: Number


class FormulaDocument(Document):
    """A formula as LaTeX and MathML, and with the reader's numbers, per axis where they differ."""

    key: str
    latex: str
    mathml: str
    substituted: str
    value: list[Number]
    axes: list[FormulaAxisDocument]


class NoteDocument(Document):
    """Something about this figure that a reader might not expect."""

    code: str
    message: str
    values: dict[str, Any]


class BaselineDocument(Document):
    """What the figure is compared with."""

    name: str
    multiplications: int
    additions: int | None = None
    parameters: int


class EquivalentDocument(Document):
    """The ordinary convolution over stuffed zeros that computes the same."""

    stuffed_size: Size
    padding: Pairs
    stride: int


class FactsDocument(Document):
    """Sizes and costs of the whole figure."""

    output_shape: Size
    multiplications: int
    additions: int
    parameters: int
    comparisons: int = 0
    steps: int
    receptive_field: Size
    baseline: BaselineDocument | None
    formulas: list[FormulaDocument]
    notes: list[NoteDocument]
    equivalent: EquivalentDocument | None = None


class TraceDocument(Document):
    """Everything a page needs to play one figure; asked for as facts, without tensor values and steps."""

    kind: str
    params: dict[str, Any]
    tensors: dict[str, TensorDocument]
    stages: list[StageDocument]
    facts: FactsDocument


class FactsAnswer(TraceDocument):
    """The same document without tensor values and steps."""


class RefusalDocument(Document):
    """A value of a control that cannot work now, and why."""

    value: int
    code: str
    message: str
    hint: str


class ControlLimitsDocument(Document):
    """Refused values of one control: an entry an axis, and with all axes moved together."""

    axes: list[list[RefusalDocument]] | None = None
    linked: list[RefusalDocument]


class LimitsDocument(Document):
    """Which values of the numeric controls cannot work, given all other parameters as they are."""

    kind: str
    limits: dict[str, ControlLimitsDocument]


class HealthDocument(Document):
    """That the process lives, or is ready."""

    status: Literal["ok"]
