"""A network as its layers one after the other, whatever it was built as."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from autograd import Value, no_grad
from nn.checks.arguments import counted, plain, row, whole_number
from nn.layers import MLP, Layer, Neuron, activation_word


class LayerParts(NamedTuple):
    """One layer: how to call it, its neurons, and the activation that all of them share."""

    call: Callable[[Any], Any]
    neurons: list[Neuron]
    activation: str

    @property
    def in_size(self) -> int:
        """How many numbers it takes."""
        return len(self.neurons[0].w)


def layers_of(name: str, model: Any) -> list[LayerParts]:
    """Return the layers of an MLP, of a Layer or of a single Neuron.

    Raises TypeError, naming the function ``name``, for anything else: of a function, nobody can
    tell what is inside, and of another Module, in which order its parts work.
    """
    if isinstance(model, Neuron):
        return [LayerParts(model, [model], activation_word(model.activation))]
    if isinstance(model, Layer):
        return [LayerParts(model, model.neurons, activation_word(model.activation))]
    if isinstance(model, MLP):
        return [part for layer in model.layers for part in layers_of(name, layer)]
    raise TypeError(
        f"{name}() looks into an MLP, a Layer or a Neuron, and was given "
        f"{getattr(model, '__name__', None) or type(model).__name__}: pass the network itself."
    )


def layer_of(name: str, model: Any, layer: int) -> LayerParts:
    """Return the layer of a number, counted from 1, or raise the error that says how many."""
    layers = layers_of(name, model)
    if whole_number("layer", layer) > len(layers):
        raise ValueError(
            f"{name}(): there is no layer {layer}. The model has {counted(len(layers), 'layer')}, "
            "counted from 1; the inputs are none."
        )
    return layers[layer - 1]


def answers_of(layers: list[LayerParts], x: Any) -> list[list[float]]:
    """Return what each layer answers when the first is given the example ``x``.

    Nothing is recorded for a gradient.
    """
    answers = []
    with no_grad():
        x = row(x, layers[0].in_size, layers[0].call)
        for layer in layers:
            outputs = plain(layer.call(x))
            x = [
                output_number(output)
                for output in (outputs if isinstance(outputs, list) else [outputs])
            ]
            answers.append(x)
    return answers


def reach_of(numbers: Iterable[float]) -> float:
    """Return how far from 0 the numbers reach, which is 1.0 if all are 0.

    Raises ValueError if that is no finite number.
    """
    sizes = [abs(number) for number in numbers]
    if not all(map(math.isfinite, sizes)):
        raise ValueError("there is nan or inf among the numbers to draw: the training ran away.")
    return max(sizes, default=0.0) or 1.0


def output_number(output: Any) -> float:
    """Return an output as a plain number."""
    return float(output.data if isinstance(output, Value) else output)
