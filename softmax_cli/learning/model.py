"""A trained network: numbers, with the names of what they belong to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from softmax_cli.core.arrays import Float64
from softmax_cli.errors import InputError
from softmax_cli.learning.network import ACTIVATIONS, Layer, Network
from softmax_cli.learning.table import FeatureTable, Scale

FORMAT = "softmax-model"
VERSION = 1


@dataclass(frozen=True, slots=True)
class Model:
    """A network that takes features as they were measured.

    Parameters
    ----------
    features, classes
        The names of what goes in and of what comes out, in order.
    scale
        What standardises the features.
    network, flat
        The shape and the numbers.
    """

    features: tuple[str, ...]
    classes: tuple[str, ...]
    scale: Scale
    network: Network
    flat: Float64

    @classmethod
    def of(cls, table: FeatureTable, scale: Scale, network: Network, flat: Float64) -> "Model":
        """Return the model that a training on a table has led to, its last biases summing to 0."""
        flat = flat.copy()
        last = network.layers(flat)[-1].biases
        last -= last.mean()  # the probabilities do not change
        return cls(table.features, table.classes, scale, network, flat)

    def logits(self, values: Float64) -> Float64:
        """Return the logits of features as measured, shape (n, d); the result has shape (n, k)."""
        return np.asarray(self.network.logits(self.flat, self.scale.standardised(values)), np.float64)

    def weights(self) -> dict[str, Any]:
        """Return the numbers by name: weights from each input to each class, biases, and the hidden layer."""
        *before, last = self.network.layers(self.flat)
        units = tuple(f"h{i + 1}" for i in range(self.network.hidden))
        named = _named(last, units or self.features, self.classes)
        if before:
            named["hidden"] = {
                "activation": self.network.activation,
                **_named(before[0], self.features, units),
            }
        return named

    def as_json(self) -> dict[str, Any]:
        """Return the model as a JSON object."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "features": list(self.features),
            "classes": list(self.classes),
            "mean": dict(zip(self.features, self.scale.mean.tolist(), strict=True)),
            "deviation": dict(zip(self.features, self.scale.deviation.tolist(), strict=True)),
            **self.weights(),
        }

    @classmethod
    def from_json(cls, given: object, where: str) -> "Model":
        """Return the model that a JSON object holds.

        Raises
        ------
        InputError
            Where it holds none; `where` is the file.
        """
        if not isinstance(given, Mapping) or given.get("format") != FORMAT:
            raise InputError("is no model", where=where, hint="softmax train TABLE -o FILE.json writes one")
        if given.get("version") != VERSION:
            raise InputError(
                f"is a model of version {given.get('version')!r}; this softmax reads {VERSION}", where=where
            )
        try:
            return cls._read(given)
        except (KeyError, TypeError, ValueError) as error:
            what = f"the key {error} is missing" if isinstance(error, KeyError) else str(error)
            raise InputError(f"is no whole model: {what}", where=where) from None

    @classmethod
    def _read(cls, given: Mapping[str, Any]) -> "Model":
        features, classes = _names(given["features"]), _names(given["classes"])
        hidden = given.get("hidden")
        units = tuple(hidden["biases"]) if hidden else ()
        activation = hidden["activation"] if hidden else "tanh"
        if activation not in ACTIVATIONS:
            raise ValueError(f"no activation is called {activation!r}")
        network = Network(len(features), len(classes), len(units), activation)
        flat = np.zeros(network.size)
        layers = network.layers(flat)
        if hidden:
            _fill(layers[0], hidden, features, units)
        _fill(layers[-1], given, units or features, classes)
        scale = Scale(_vector(given["mean"], features), _vector(given["deviation"], features))
        if not (scale.deviation > 0).all():
            raise ValueError("a deviation is not above 0")
        return cls(features, classes, scale, network, flat)


def _named(layer: Layer, inputs: tuple[str, ...], outputs: tuple[str, ...]) -> dict[str, Any]:
    rows = (dict(zip(outputs, row, strict=True)) for row in layer.weights.tolist())
    return {
        "weights": dict(zip(inputs, rows, strict=True)),
        "biases": dict(zip(outputs, layer.biases.tolist(), strict=True)),
    }


def _names(given: Any) -> tuple[str, ...]:
    if not isinstance(given, list) or not given or not all(isinstance(name, str) for name in given):
        raise TypeError("features and classes are lists of names")
    if len(set(given)) < len(given):
        raise ValueError("a name is there twice")
    return tuple(given)


def _fill(layer: Layer, given: Mapping[str, Any], inputs: tuple[str, ...], outputs: tuple[str, ...]) -> None:
    layer.weights[:] = [_vector(given["weights"][name], outputs) for name in inputs]
    layer.biases[:] = _vector(given["biases"], outputs)


def _vector(given: Any, names: tuple[str, ...]) -> Float64:
    numbers = [given[name] for name in names]
    if not all(isinstance(x, int | float) and not isinstance(x, bool) for x in numbers):
        raise TypeError("what should be a number is none")
    vector = np.array(numbers, np.float64)
    if not np.isfinite(vector).all():
        raise ValueError("a number is not finite")
    return vector
