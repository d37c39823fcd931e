"""Code for the reader: layers of PyTorch and Keras, plausible, mutated, or of no language."""

import re
from random import Random

from compute.reader.keras import KERAS
from compute.reader.pytorch import PYTORCH
from soak.fuzzing import grammar
from soak.fuzzing.grammar import chance

_LAYERS = {"nn.": sorted(PYTORCH.layers), "layers.": sorted(KERAS.layers)}
_BETWEEN = {"nn.": sorted(PYTORCH.between), "layers.": sorted(KERAS.between)}
_KEYWORDS = {
    start: {name: tuple(layer.sign.names) for name, layer in one.layers.items()}
    for start, one in (("nn.", PYTORCH), ("layers.", KERAS))
}
_LITERALS = (
    *(
        "'same'",
        "'valid'",
        "'zeros'",
        "'reflect'",
        "'relu'",
        "True",
        "False",
        "None",
        "(3, 3)",
        "(1,)",
        "[2, 2]",
        "(1, 2, 3, 4)",
    ),
    *(
        "1.5",
        "1e400",
        "-1",
        "3 * 2",
        "2 ** 8",
        "2 ** 2 ** 2 ** 9",
        "9 ** 9 ** 9",
        "10 // 3",
        "1 / 0",
        "x",
        "self.n",
        "k + 1",
    ),
    *(
        "f'{x}'",
        "b'x'",
        "1j",
        "...",
        "lambda: 1",
        "*args",
        "**kw",
        "__import__('os').system('id')",
        "'a' * 10 ** 9",
        "0xff",
    ),
)
_PIECES = (
    *(
        "(",
        ")",
        "[",
        "]",
        ",",
        "=",
        ":",
        "\n",
        "\n    ",
        "\t",
        "'",
        '"',
        '"""',
        "\\",
        "#",
        ";",
        "@",
        ".",
        "->",
        ":=",
        "nn.",
    ),
    *(
        "def f(x):\n    return ",
        "class N(nn.Module):\n",
        "for i in range(9):\n    ",
        "if x: ",
        "import torch\n",
        "lambda x: ",
    ),
    *(
        "\x00",
        "\x0c",
        "\ufeff",
        "\u2028",
        "卷",
        "\U0001f600",
        "１",
        "ﬁ",
        "-" * 300,
        "(" * 60,
        "(" * 300,
        "[" * 5000,
        "not " * 200,
    ),
    *(
        "a." * 500,
        "x = " * 200,
        "1 if 1 else " * 90,
        "9" * 5000,
        "*" * 50,
        "\r",
        "async ",
        "await ",
        "yield ",
        "match x:\n case ",
    ),
)
_TOKEN = re.compile(r"\w+|\s+|.", re.DOTALL)


def code(rng: Random) -> str:
    """A text to be read as code."""
    text = rng.choice(_SHAPES)(rng)
    if chance(rng, 35):
        text = mutated(rng, text)
    return grammar.text(rng) if chance(rng, 4) else text


def call(rng: Random, start: str) -> str:
    """A layer with arguments that may fit."""
    name = rng.choice(_LAYERS[start] if chance(rng, 80) else _BETWEEN[start])
    numbers = [str(rng.randint(1, 8)) for _ in range(rng.randint(0, 4))]
    names = _KEYWORDS[start].get(name, ())
    chosen = rng.sample(names, min(rng.randint(0, 3), len(names)))
    given = [f"{one}={rng.choice(_LITERALS) if chance(rng, 30) else rng.randint(0, 5)}" for one in chosen]
    if chance(rng, 6):
        numbers.append(rng.choice(_LITERALS))
    return f"{start if chance(rng, 90) else ''}{name}({', '.join(numbers + given)})"


def _calls(rng: Random) -> tuple[str, list[str]]:
    start = rng.choice(tuple(_LAYERS))
    return start, [call(rng, start) for _ in range(rng.choice((1, 1, 2, 3, 5)))]


def _lines(rng: Random) -> str:
    return "\n".join(_calls(rng)[1])


def _sequential(rng: Random) -> str:
    start, calls = _calls(rng)
    inner = ",\n    ".join(calls)
    if start == "nn.":
        return f"net = nn.Sequential(\n    {inner},\n)"
    return f"model = keras.Sequential([\n    layers.Input((28, 28, {rng.randint(1, 4)})),\n    {inner},\n])"


def _module(rng: Random) -> str:
    start, calls = _calls(rng)
    held = "\n".join(f"        self.l{n} = {one}" for n, one in enumerate(calls))
    used = "\n".join(f"        x = self.l{n}(x)" for n in range(len(calls)))
    return (
        f"class Net({start}Module):\n    def __init__(self):\n        super().__init__()\n{held}\n\n"
        f"    def forward(self, x):\n{used}\n        return x\n"
    )


def _functional(rng: Random) -> str:
    _, calls = _calls(rng)
    return "x = inputs = keras.Input((32, 32, 3))\n" + "\n".join(f"x = {one}(x)" for one in calls)


def _many(rng: Random) -> str:
    return "\n".join([call(rng, rng.choice(tuple(_LAYERS)))] * rng.choice((30, 100, 400)))


_SHAPES = (_lines, _lines, _lines, _sequential, _sequential, _module, _module, _functional, _many)


def mutated(rng: Random, text: str) -> str:
    """A text whose tokens were exchanged, doubled, lost, or joined by others."""
    tokens = _TOKEN.findall(text)
    for _ in range(rng.randint(1, 5)):
        at = rng.randint(0, max(len(tokens) - 1, 0))
        change = rng.randint(0, 5)
        if change == 0:
            del tokens[at : at + rng.randint(1, 3)]
        elif change == 1 and tokens:
            tokens.insert(at, tokens[rng.randrange(len(tokens))])
        elif change == 2 and tokens:
            other = rng.randrange(len(tokens))
            tokens[at], tokens[other] = tokens[other], tokens[at]
        elif change == 3:
            tokens.insert(at, rng.choice(_LITERALS))
        elif change == 4:
            tokens = tokens[:at]
        else:
            tokens.insert(at, rng.choice(_PIECES))
    return "".join(tokens)
