"""Whatever is pasted, only the engine's own errors are raised, and the answer is as documented and bounded."""

import json

from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.documents import ReadDocument
from compute.errors import ConvError
from compute.kinds import KINDS
from compute.reader import read
from compute.reader.keras import KERAS
from compute.reader.pytorch import PYTORCH

NAMES = sorted({*PYTORCH.layers, *KERAS.layers, *PYTORCH.between, *KERAS.between, "Sequential", "Input"})
ARGUMENTS = sorted({name for one in (PYTORCH, KERAS) for reader in one.layers.values() for name in reader.sign.names})

numbers = st.one_of(st.integers(-2, 70), st.sampled_from([1000, 1001, 65_536, 10**6, 10**16])).map(str)
literals = st.recursive(
    st.one_of(
        numbers, st.sampled_from(["'same'", "'valid'", "'zeros'", "'reflect'", "None", "True", "1.5", "1e400", "x"])
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map(lambda parts: f"({', '.join(parts)})"),
        st.tuples(inner, st.sampled_from("+-*/%@"), inner).map("".join),
        inner.map(lambda value: f"-{value}"),
    ),
    max_leaves=4,
)
arguments = st.one_of(
    literals, st.tuples(st.sampled_from(ARGUMENTS), literals).map("=".join), literals.map("*{}".format)
)
calls = st.recursive(
    st.tuples(
        st.sampled_from(["", "nn.", "layers.", "keras.", "torch.nn.", "os."]),
        st.sampled_from(NAMES),
        st.lists(arguments, max_size=7).map(", ".join),
    ).map(lambda call: f"{call[0]}{call[1]}({call[2]})"),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4).map(lambda parts: f"nn.Sequential({', '.join(parts)})"),
        inner.map(lambda call: f"{call}(x)"),
        inner.map(lambda call: f"x = {call}\nx.add({call})"),
    ),
    max_leaves=6,
)
# Plausible layers most of the time: otherwise few would come as far as their figure.
layers = st.tuples(
    st.sampled_from(sorted(PYTORCH.layers)),
    st.lists(st.integers(1, 9).map(str), min_size=1, max_size=8).map(", ".join),
).map(lambda call: f"nn.{call[0]}({call[1]})")
kerases = st.tuples(
    st.sampled_from(sorted(KERAS.layers)),
    st.lists(st.integers(1, 6).map(str), min_size=1, max_size=3).map(", ".join),
    st.sampled_from(
        ["", ", padding='same'", ", depth_multiplier=2", ", dilation_rate=2", ", strides=3, padding='same'"]
    ),
).map(lambda call: f"{call[0]}({call[1]}{call[2]})")
text = st.one_of(st.text(max_size=80), st.text("()[]{}=.,:'\"\\\n\t @*-+#nConv2d31f", max_size=60))
codes = st.lists(st.one_of(calls, layers, kerases, text), min_size=1, max_size=4).map("\n".join)


@given(codes, st.sampled_from(["32", "7", "1", "5x9", "3x4x5", "224", "65536", "0", "a"]))
@settings(max_examples=400)
@example("\x0c\x0cnn.Conv2d(3, 8, 3)", "32")
@example("nn.Conv2d(3, 8, 3)\r\rnn.Conv2d(3, 8, 3, x\u2028)", "32")
def test_only_our_errors_are_raised(code: str, size: str) -> None:
    try:
        found = read(code, size)
    except ConvError:
        return
    ReadDocument.model_validate_json(json.dumps(found))
    for layer in found["layers"]:
        if layer["figure"]:
            kind = KINDS[layer["figure"]["slug"]]
            assert kind.refusal(kind.parse(layer["figure"]["params"])) is None
    assert len(json.dumps(found)) < 300_000
