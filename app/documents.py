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
    receptive_field: Size
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


class RelationDocument(Document):
    """Which relation of Dumoulin & Visin's guide gives the output its size; the guide has no number for some."""

    number: int | None
    name: str


class LayerDocument(Document):
    """One layer of a stack along one axis: its numbers, the size it leaves, and how far it sees."""

    kernel_size: int
    stride: int
    dilation: int
    extent: int
    size: int
    receptive_field: int


class StackedDocument(Document):
    """How many stamps of all layers so far meet in each cell, along each axis."""

    per_axis: list[Size]
    counts: Annotated[list[Size] | None, Field(description="of both axes; left out where large")] = None
    min: int
    max: int
    even: bool


class SeparabilityDocument(Document):
    """The kernel's nearest column times row, its singular values, and what is left out."""

    rank: int
    separable: bool
    singular_values: list[float]
    column: list[Number]
    row: list[Number]
    first: list[Row]
    rest: list[Row]
    error: Annotated[float, Field(description="the largest difference of a weight")]
    share: Annotated[float, Field(description="the part of the Frobenius norm that is left out, 0 to 1")]


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
    compared: Annotated[list[str] | None, Field(description="ids of the stages whose outputs are compared")] = None
    symmetric: Annotated[bool | None, Field(description="whether g is its own mirror image")] = None
    relation: RelationDocument | None = None
    layers: list[LayerDocument] | None = None
    gaps: Annotated[int | None, Field(description="cells of the receptive field, along one axis, never read")] = None
    stacked: Annotated[list[StackedDocument] | None, Field(description="a row a layer")] = None
    phases: Annotated[list[Size] | None, Field(description="an axis: taps on each residue modulo the stride")] = None
    strength: Annotated[float | None, Field(description="(most - least)/most of the counts inside")] = None
    strengths: Annotated[dict[str, float] | None, Field(description="the same by the stage that writes an output")] = (
        None
    )
    remainder: Annotated[Size | None, Field(description="an axis: kernel size modulo stride")] = None
    separability: SeparabilityDocument | None = None
    sees: Annotated[list[Size] | None, Field(description="an output channel: the inputs it depends on")] = None


class TraceDocument(Document):
    """Everything a page needs to play one figure; asked for as facts, without tensor values and steps."""

    kind: str
    params: dict[str, Any]
    tensors: dict[str, TensorDocument]
    stages: list[StageDocument]
    facts: FactsDocument


class FactsAnswer(TraceDocument):
    """The same document without tensor values and steps."""


class RefusalDocument(ErrorDetails):
    """A value of a control that cannot work now, and why."""

    value: int


class ControlLimitsDocument(Document):
    """Refused values of one control: an entry an axis, and with all axes moved together."""

    axes: list[list[RefusalDocument]] | None = None
    linked: list[RefusalDocument]


class LimitsDocument(Document):
    """Which values of the numeric controls cannot work, given all other parameters as they are."""

    kind: str
    limits: dict[str, ControlLimitsDocument]


class CostsDocument(Document):
    """Costs at each value of a curve."""

    multiplications: list[int]
    parameters: list[int]


class CurveDocument(Document):
    """What the figure and its baseline cost while one parameter moves and all others stay."""

    parameter: str
    now: Annotated[int, Field(description="its value in the figure that was asked for")]
    values: Annotated[list[int], Field(description="those that work")]
    figure: CostsDocument
    baseline: CostsDocument


class CurvesDocument(Document):
    """Costs as curves, for figures that are compared with another."""

    kind: str
    curves: list[CurveDocument]


class SnippetsDocument(Document):
    """The figure in four languages; each snippet runs by itself and prints the output."""

    numpy: str
    pytorch: str
    keras: str
    jax: str


class CodeDocument(Document):
    """The figure as code, with its values; tensors too large to list are drawn anew by the code."""

    kind: str
    snippets: SnippetsDocument


class HealthDocument(Document):
    """That the process lives, or is ready."""

    status: Literal["ok"]


class PlaceDocument(Document):
    """A place in the code that was sent; lines and columns count from 1, the end stands behind the last character."""

    line: int
    column: int
    end_line: int
    end_column: int
    source: Annotated[str, Field(description="its text, cut where it is long")]


class ReadFactsDocument(Document):
    """Shapes and costs of a layer at its real size."""

    output_shape: Size
    parameters: int
    multiplications: int
    additions: int
    comparisons: int = 0
    receptive_field: Annotated[Size | None, Field(description="null for transposed layers")]


class ChangeDocument(Document):
    """What a figure has otherwise than the layer; both as a query string has them."""

    parameter: str
    before: Annotated[str, Field(alias="from")]
    after: Annotated[str, Field(alias="to")]


class ReadFigureDocument(Document):
    """A figure to watch, at `/learn/{slug}?…`: the layer itself, or one of the same geometry."""

    slug: str
    params: Annotated[dict[str, str], Field(description="as they stand in a query string")]
    reduced: Annotated[bool, Field(description="whether anything was changed so that it can be watched")]
    changes: list[ChangeDocument]


class ReadLayerDocument(PlaceDocument):
    """A layer that was read. Facts are null where it does not fit, the figure where it is too large to watch."""

    name: Annotated[str, Field(description="what it is assigned to, or empty")]
    title: Annotated[str, Field(description="the layer's name in its framework")]
    framework: Literal["pytorch", "keras"]
    params: Annotated[dict[str, Any] | None, Field(description="in PyTorch's words")]
    input_shape: Annotated[Size | None, Field(description="channels, then cells along each axis")]
    facts: ReadFactsDocument | None
    figure: ReadFigureDocument | None
    error: ErrorDetails | None


class ReadNoteDocument(PlaceDocument):
    """A remark on a place in the code."""

    code: str
    message: str
    hint: str
    values: dict[str, Any]
    unread: Annotated[bool, Field(description="whether the place was not understood, and passed over")]


class ReadDocument(Document):
    """What was read in code: its layers in their order, and remarks on the rest."""

    layers: list[ReadLayerDocument]
    notes: list[ReadNoteDocument]


class OembedDocument(Document):
    """What oEmbed 1.0 says of a figure; see oembed.com."""

    type: Literal["rich"]
    version: Literal["1.0"]
    title: str
    provider_name: str
    provider_url: str | None = None
    cache_age: int
    html: Annotated[str, Field(description="the frame, to be put into a page as it stands")]
    width: int
    height: int
    thumbnail_url: str | None = None
    thumbnail_width: int | None = None
    thumbnail_height: int | None = None
