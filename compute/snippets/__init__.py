"""Snippets: a figure as code that runs by itself, one text a language; nothing is computed to write them."""

from compute.recipe import Recipe
from compute.snippets.jax import Jax
from compute.snippets.keras import Keras
from compute.snippets.plain import NumPy
from compute.snippets.pytorch import PyTorch
from compute.snippets.writer import Writer

LANGUAGES: dict[str, type[Writer]] = {"numpy": NumPy, "pytorch": PyTorch, "keras": Keras, "jax": Jax}


def snippets(recipe: Recipe) -> dict[str, str]:
    """The figure in every language: its tensors with their values, its stages, and a line that prints each output."""
    return {language: writer(recipe).text() for language, writer in LANGUAGES.items()}
