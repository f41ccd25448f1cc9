"""Neuron, Layer and MLP (multi-layer perceptron): a network, from the single sum upward.

Each is made of the one before it, and none knows how to differentiate itself: it writes the forward
pass with Values, and the engine derives the rest.
"""

from __future__ import annotations

import difflib
import operator
import random
from collections.abc import Sequence
from typing import Any

from autograd import Value, fsum
from nn.arguments import generator, plain, row, whole_number
from nn.module import Module

ACTIVATIONS = (
    "linear",
    "relu",
    "leaky_relu",
    "elu",
    "gelu",
    "silu",
    "softplus",
    "sigmoid",
    "tanh",
)


class Neuron(Module):
    """A weighted sum of the inputs plus a bias, through an activation.

    ``w`` holds ``in_size`` weights, drawn uniformly from [-1, 1), and ``b`` the bias, 0 at first.
    ``activation`` is a name from ``ACTIVATIONS``; without it, ``nonlin`` chooses between "relu" and
    "linear". Random numbers come from ``rng``, or without one from the ``random`` module. ``label``
    goes before the names of the parameters.

    >>> neuron = Neuron(2, activation="tanh")
    >>> neuron.w[0].data, neuron.w[1].data, neuron.b.data = 1.0, -2.0, 0.5
    >>> round(neuron([3.0, 1.5]).data, 4)  # tanh(1 * 3 - 2 * 1.5 + 0.5)
    0.4621
    """

    def __init__(
        self,
        in_size: int,
        nonlin: bool = True,
        *,
        activation: str | None = None,
        rng: random.Random | None = None,
        label: str = "",
    ) -> None:
        in_size = whole_number(path(label, "in_size"), in_size)
        self.activation = activation_name(nonlin, activation)
        uniform = generator(rng).uniform
        self.w = [
            Value(uniform(-1.0, 1.0), label=path(label, f"w{position}"))
            for position in range(1, in_size + 1)
        ]
        self.b = Value(0.0, label=path(label, "b"))
        self.label = label

    @property
    def nonlin(self) -> bool:
        """Whether there is an activation, or only the sum."""
        return self.activation != "linear"

    def __call__(self, x: Any) -> Value:
        """Return the output for the inputs ``x``, ``in_size`` numbers or Values.

        Raises ValueError for any other number of inputs.
        """
        if type(x) is not list or len(x) != len(self.w):
            x = row(x, len(self.w), self)
        # One sum of many terms: a chain of additions would be slower, and a longer picture.
        total: Value = fsum((*map(operator.mul, self.w, x), self.b))
        if self.activation == "linear":
            return total
        output: Value = getattr(total, self.activation)()
        return output

    def __repr__(self) -> str:
        return f"Neuron({len(self.w)}, activation={self.activation!r})"


class Layer(Module):
    """Neurons side by side: each sees all the inputs.

    The arguments after the sizes are those of ``Neuron``.

    >>> layer = Layer(3, 2)
    >>> layer
    Layer(3, 2, activation='relu')
    >>> len(layer([1.0, 2.0, 3.0])), len(layer.parameters())
    (2, 8)
    """

    def __init__(
        self,
        in_size: int,
        out_size: int,
        nonlin: bool = True,
        *,
        activation: str | None = None,
        rng: random.Random | None = None,
        label: str = "",
    ) -> None:
        self.in_size = whole_number(path(label, "in_size"), in_size)
        self.out_size = whole_number(path(label, "out_size"), out_size)
        self.activation = activation_name(nonlin, activation)
        self.neurons = [
            Neuron(
                self.in_size,
                activation=self.activation,
                rng=rng,
                label=path(label, f"neuron{position}"),
            )
            for position in range(1, self.out_size + 1)
        ]
        self.label = label

    def __call__(self, x: Any) -> Any:
        """Return the list of the neurons' outputs; of a single neuron, its output alone."""
        x = row(x, self.in_size, self)
        outputs = [neuron(x) for neuron in self.neurons]
        return outputs if len(outputs) > 1 else outputs[0]

    def __repr__(self) -> str:
        return f"Layer({self.in_size}, {self.out_size}, activation={self.activation!r})"


class MLP(Module):
    """A multi-layer perceptron: layers one after the other.

    ``out_sizes`` lists the number of neurons of each layer. ``activation`` is one name, for all
    layers but the last, which is linear; or a list with a name for each layer.

    >>> model = MLP(2, [3, 1], activation="tanh", rng=random.Random(0))
    >>> output = model([0.5, -1.0])
    >>> output.backward()
    >>> [name for name, p in model.named_parameters().items() if name.startswith("layer2")]
    ['layer2.neuron1.w1', 'layer2.neuron1.w2', 'layer2.neuron1.w3', 'layer2.neuron1.b']
    >>> print(model.summary())
    name    part                              parameters
    layer1  Layer(2, 3, activation='tanh')             9
    layer2  Layer(3, 1, activation='linear')           4
    total                                             13
    """

    def __init__(
        self,
        in_size: int,
        out_sizes: Sequence[int],
        *,
        activation: str | Sequence[str] = "relu",
        rng: random.Random | None = None,
        label: str = "",
    ) -> None:
        sizes = [in_size, *layer_sizes(out_sizes)]
        activations = layer_activations(activation, len(sizes) - 1)
        self.layers = [
            Layer(
                sizes[position - 1],
                sizes[position],
                activation=activations[position - 1],
                rng=rng,
                label=path(label, f"layer{position}"),
            )
            for position in range(1, len(sizes))
        ]
        self.label = label

    def __call__(self, x: Any) -> Any:
        """Return the outputs for one example: a list of Values; of one output neuron, the Value.

        Raises ValueError, naming the layer, for a wrong number of inputs.
        """
        for layer in self.layers:
            x = layer(x)
        return x

    def __repr__(self) -> str:
        in_size = self.layers[0].in_size
        out_sizes = [layer.out_size for layer in self.layers]
        activations = [layer.activation for layer in self.layers]
        return f"MLP({in_size}, {out_sizes}, activation={activations})"


def path(label: str, name: str) -> str:
    """Return the name of a part within what is called ``label``.

    >>> path("layer1", "neuron2"), path("", "neuron2")
    ('layer1.neuron2', 'neuron2')
    """
    return f"{label}.{name}" if label else name


def activation_name(nonlin: bool, activation: str | None) -> str:
    """Return the activation that the two arguments ask for, or raise ValueError."""
    if activation is None:
        return "relu" if nonlin else "linear"
    if activation not in ACTIVATIONS:
        close = difflib.get_close_matches(str(activation), ACTIVATIONS, n=1)
        advice = f" Did you mean {close[0]!r}?" if close else ""
        raise ValueError(
            f"there is no activation {activation!r}.{advice} Known: {', '.join(ACTIVATIONS)}."
        )
    if not nonlin and activation != "linear":
        raise ValueError(
            f"nonlin=False asks for no activation, and activation={activation!r} for one: "
            "pass only activation."
        )
    return activation


def layer_sizes(out_sizes: Any) -> list[Any]:
    """Return the sizes of an MLP's layers as a list, or raise the error that says how to write."""
    sizes = plain(out_sizes)
    if not isinstance(sizes, list):
        raise TypeError(
            f"out_sizes must list the size of each layer, not {out_sizes!r}: "
            "write MLP(2, [16, 1]) for a hidden layer of 16 neurons and 1 output."
        )
    if not sizes:
        raise ValueError("an MLP needs at least one layer: write MLP(2, [1]) for a single neuron.")
    return sizes


def layer_activations(activation: str | Sequence[str], count: int) -> list[str]:
    """Return the activation of each of ``count`` layers."""
    if isinstance(activation, str):
        return [activation] * (count - 1) + ["linear"]
    activations = plain(activation)
    if not isinstance(activations, list) or len(activations) != count:
        raise ValueError(
            f"activation must be one name, or a list of {count} names, one for each layer; "
            f"not {activation!r}."
        )
    return activations
