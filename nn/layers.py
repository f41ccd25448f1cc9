"""Neuron, Layer and MLP (multi-layer perceptron): a network, from the single sum upward.

Each is made of the one before it, and none knows how to differentiate itself: it writes the forward
pass with Values, and the engine derives the rest.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import autograd
from autograd import Value, fsum, softmax
from autograd.words.suggestions import did_you_mean
from nn.checks.arguments import generator, named, plain, row, whole_number
from nn.initial import INITIALS, Initial
from nn.module import Module

if TYPE_CHECKING:
    import random

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
LAYER_ACTIVATIONS = (*ACTIVATIONS, "softmax")  # softmax compares the neurons of a layer
# A function of autograd is known by its name, so that a file can hold it.
NAMED = {name: getattr(autograd, name) for name in LAYER_ACTIVATIONS if name != "linear"}
Activation: TypeAlias = str | Callable[[Value], Any]
OR_A_FUNCTION = "or pass a function of rng, in_size and out_size that returns a weight"


class Neuron(Module):
    """A weighted sum of the inputs plus a bias, through an activation.

    ``w`` holds ``in_size`` weights, drawn uniformly from [-1, 1), and ``b`` the bias, 0 at first.
    ``activation`` is a name from ``ACTIVATIONS``, or a function of one Value, such as
    ``autograd.gelu`` or one of your own; without it, ``nonlin`` chooses between "relu" and
    "linear". ``initial`` is a name from ``INITIALS`` for other weights at first; ``out_size``, the
    number of neurons side by side, matters to some of them. Random numbers come from ``rng``, or
    without one from the ``random`` module. ``label`` goes before the names of the parameters.

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
        activation: Activation | None = None,
        initial: str | Initial = "uniform",
        out_size: int = 1,
        rng: random.Random | None = None,
        label: str = "",
    ) -> None:
        in_size = whole_number(path(label, "in_size"), in_size)
        out_size = whole_number(path(label, "out_size"), out_size)
        self.activation = checked_activation(nonlin, activation, ACTIVATIONS)
        draw = named("initialisation", initial, INITIALS, OR_A_FUNCTION)
        rng = generator(rng)
        # Drawn in the order of micrograd: the same seed gives the same network.
        self.w = [
            Value(draw(rng, in_size, out_size), label=path(label, f"w{position}"))
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
        # A list of the right length comes from the layer before: it needs no conversion.
        if type(x) is not list or len(x) != len(self.w):
            x = row(x, len(self.w), self)
        # One sum of many terms: a chain of additions would be slower, and a longer picture.
        total: Value = fsum((*map(operator.mul, self.w, x), self.b))
        if self.activation == "linear":
            return total
        if isinstance(self.activation, str):
            output: Value = getattr(total, self.activation)()
            return output
        return activated(self.activation, total)

    def __repr__(self) -> str:
        return f"Neuron({len(self.w)}, activation={activation_word(self.activation)!r})"


class Layer(Module):
    """Neurons side by side: each sees all the inputs.

    The arguments after the sizes are those of ``Neuron``. Besides, ``activation`` may be "softmax",
    which makes the outputs of all the neurons together positive, and 1 in sum.

    >>> layer = Layer(3, 2)
    >>> layer
    Layer(3, 2, activation='relu')
    >>> len(layer([1.0, 2.0, 3.0])), len(layer.parameters())
    (2, 8)
    >>> shares = Layer(3, 2, activation="softmax")([1.0, 2.0, 3.0])
    >>> round(sum(share.data for share in shares), 12)
    1.0
    """

    def __init__(
        self,
        in_size: int,
        out_size: int,
        nonlin: bool = True,
        *,
        activation: Activation | None = None,
        initial: str | Initial = "uniform",
        rng: random.Random | None = None,
        label: str = "",
    ) -> None:
        self.in_size = whole_number(path(label, "in_size"), in_size)
        self.out_size = whole_number(path(label, "out_size"), out_size)
        self.activation = checked_activation(nonlin, activation, LAYER_ACTIVATIONS)
        if self.activation == "softmax" and self.out_size == 1:
            raise ValueError(
                "softmax gives a single neuron the output 1, whatever its inputs: use 'sigmoid', "
                "or a neuron for each class."
            )
        self.neurons = [
            Neuron(
                self.in_size,
                # Softmax needs the sums of all the neurons, so each of them stops at its own.
                activation="linear" if self.activation == "softmax" else self.activation,
                initial=initial,
                out_size=self.out_size,
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
        # Only now are all the sums there that the shares are taken of.
        if self.activation == "softmax":
            return softmax(outputs)
        # A model of one output is written into formulas as it is: (model(x) - y) ** 2.
        return outputs if len(outputs) > 1 else outputs[0]

    def __repr__(self) -> str:
        activation = activation_word(self.activation)
        return f"Layer({self.in_size}, {self.out_size}, activation={activation!r})"


class MLP(Module):
    """A multi-layer perceptron: layers one after the other.

    ``out_sizes`` lists the number of neurons of each layer. ``activation`` is one name or function,
    for all layers but the last, which is linear; or a list with one for each layer. A layer may
    also have its own, as the pair (size, activation):

    >>> MLP(4, [(8, "relu"), (3, "softmax")])
    MLP(4, [8, 3], activation=['relu', 'softmax'])

    ``initial``, ``rng`` and ``label`` are those of ``Neuron``.

    >>> import random
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
        out_sizes: Sequence[int | tuple[int, Activation]],
        *,
        activation: Activation | Sequence[Activation] = "relu",
        initial: str | Initial = "uniform",
        rng: random.Random | None = None,
        label: str = "",
    ) -> None:
        shapes = layer_shapes(out_sizes, activation)
        # What one layer gives is what the next one takes.
        in_sizes = [in_size, *(size for size, _ in shapes)]
        self.layers = [
            Layer(
                in_sizes[position - 1],
                size,
                activation=own_activation,
                initial=initial,
                rng=rng,
                label=path(label, f"layer{position}"),
            )
            for position, (size, own_activation) in enumerate(shapes, start=1)
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
        activations = [activation_word(layer.activation) for layer in self.layers]
        return f"MLP({in_size}, {out_sizes}, activation={activations})"


def last_activation(model: Any) -> str:
    """Return the name of the activation that a model ends in; "" if none of this package's.

    >>> last_activation(MLP(2, [4, (3, "softmax")])), last_activation(abs)
    ('softmax', '')
    """
    if isinstance(model, MLP):
        model = model.layers[-1]
    activation = model.activation if isinstance(model, Layer | Neuron) else ""
    return activation if isinstance(activation, str) else ""


def activation_word(activation: Activation) -> str:
    """Return what an activation is called: its name, or that of the function.

    >>> activation_word("tanh"), activation_word(abs)
    ('tanh', 'abs')
    """
    if isinstance(activation, str):
        return activation
    return str(getattr(activation, "__name__", type(activation).__name__))


def activated(function: Callable[[Value], Any], total: Value) -> Value:
    """Return what a student's own activation makes of a sum, or raise TypeError: no Value."""
    output = function(total)
    if not isinstance(output, Value):
        raise TypeError(
            f"the activation {activation_word(function)} returned {type(output).__name__}, not a "
            "Value, and its gradient would be lost: compute with its argument itself, not with "
            ".data or float()."
        )
    return output


def path(label: str, name: str) -> str:
    """Return the name of a part within what is called ``label``.

    >>> path("layer1", "neuron2"), path("", "neuron2")
    ('layer1.neuron2', 'neuron2')
    """
    return f"{label}.{name}" if label else name


def checked_activation(
    nonlin: bool, activation: Activation | None, known: Sequence[str]
) -> Activation:
    """Return the activation that the first two arguments ask for, or raise ValueError.

    A function of autograd becomes its name, and any other function is taken as it is.
    """
    if activation is None:
        return "relu" if nonlin else "linear"
    # By identity: a function of one's own may be unhashable, or compare as it likes.
    activation = next((name for name, each in NAMED.items() if each is activation), activation)
    if not callable(activation):
        check_activation_name(activation, known)
    if not nonlin and activation != "linear":
        raise ValueError(
            "nonlin=False asks for no activation, and "
            f"activation={activation_word(activation)!r} for one: pass only activation."
        )
    return activation


def check_activation_name(activation: Any, known: Sequence[str]) -> None:
    """Raise ValueError unless the name is known, with the nearest one that is."""
    if isinstance(activation, str) and activation in known:
        return
    advice = did_you_mean(activation, known)
    if activation == "softmax":
        advice = " It belongs to a whole layer: write Layer(2, 3, activation='softmax')."
    raise ValueError(
        f"there is no activation {activation!r}.{advice} Known: {', '.join(known)}; or pass a "
        "function of one Value."
    )


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


def layer_shapes(
    out_sizes: Any, activation: Activation | Sequence[Activation]
) -> list[tuple[Any, Activation]]:
    """Return the size and the activation of each layer.

    >>> layer_shapes([8, (4, "elu"), 1], "tanh")
    [(8, 'tanh'), (4, 'elu'), (1, 'linear')]
    """
    shapes = layer_sizes(out_sizes)
    activations = layer_activations(activation, len(shapes))
    for position, shape in enumerate(shapes, start=1):
        # A bare size takes the activation that the argument has for its layer.
        if not isinstance(shape, list | tuple):
            continue
        if not isinstance(activation, str) and not callable(activation):
            raise ValueError(
                f"layer{position} names its activation in out_sizes, and again in activation: "
                "say it in one place."
            )
        if len(shape) != 2 or not (isinstance(shape[1], str) or callable(shape[1])):
            raise ValueError(
                f"layer{position} must be a size, or a pair of size and activation like "
                f"(8, 'relu'), not {shape!r}."
            )
        activations[position - 1] = shape[1]
    sizes = [shape[0] if isinstance(shape, list | tuple) else shape for shape in shapes]
    return list(zip(sizes, activations, strict=True))


def layer_activations(
    activation: Activation | Sequence[Activation], count: int
) -> list[Activation]:
    """Return the activation of each of ``count`` layers."""
    if isinstance(activation, str) or callable(activation):
        # Checked here, since with a single layer, or a pair for each, nobody would read it.
        single = checked_activation(True, activation, LAYER_ACTIVATIONS)
        return [single] * (count - 1) + ["linear"]
    activations = plain(activation)
    if not isinstance(activations, list) or len(activations) != count:
        raise ValueError(
            f"activation must be one name, or a list of {count} names, one for each layer; "
            f"not {activation!r}."
        )
    return list(activations)
