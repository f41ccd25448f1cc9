"""The gradient layer by layer: where it vanishes or explodes on its way back, where it stops."""

from __future__ import annotations

import copy
import math
import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from matplotlib.ticker import PercentFormatter

from autograd import Value, trace
from nn.checks.arguments import counted
from nn.view.chart import COLOURS, FAINT, INK, Chart, add_legend, dress, head, panels
from nn.view.layers_of import LayerParts, layers_of

FACTOR = 100.0  # between the first and the last layer: more is vanishing or exploding
FLAT = 0.01  # of its steepest slope: less passes hardly any gradient
MOSTLY = 0.5  # of the answers of a layer
ROOMY = 6  # layers: of more, the names would lie on one another
WORDS = 92  # characters in a line below the picture
FLATNESS: dict[str, Callable[[float], float]] = {
    "relu": lambda y: float(y > 0),
    "tanh": lambda y: 1.0 - y * y,
    "sigmoid": lambda y: 4.0 * y * (1.0 - y),
}  # the slope at an answer y, as a share of the steepest


@dataclass
class LayerFlow:
    """What a loss tells of one layer: the gradients of its parameters, and each neuron's answers.

    ``answers`` has a list for each neuron, with a number for each time that it was asked.
    """

    parts: LayerParts
    gradients: list[float]
    answers: list[list[float]] = field(default_factory=list)

    @property
    def typical(self) -> float:
        """The size of a typical gradient."""
        return mean_size(self.gradients)

    @property
    def excess(self) -> float:
        """How many times larger a typical gradient is than a typical weight."""
        weights = mean_size([weight.data for neuron in self.parts.neurons for weight in neuron.w])
        return self.typical / weights if weights else 0.0

    @property
    def flat(self) -> float | None:
        """The share of answers at which the activation is flat; None if it has no flat end."""
        slope = FLATNESS.get(self.parts.activation)
        every = [answer for neuron in self.answers for answer in neuron]
        if slope is None or not every:
            return None
        return sum(slope(answer) < FLAT for answer in every) / len(every)

    @property
    def dead(self) -> int:
        """How many ReLU neurons answered 0 whatever they were asked."""
        if self.parts.activation != "relu":
            return 0
        return sum(bool(neuron) and not any(neuron) for neuron in self.answers)


def flow(model: Any, loss: Value, *, title: str = "How the gradient flows back") -> Chart:
    """Return a chart of the gradient by layer, with what is to be seen on it in plain words.

    On the left, a dot for the size of each parameter's gradient and a ring for a typical one of the
    layer, on a logarithmic scale. On the right, for ReLU, tanh and sigmoid, the share of answers at
    which the activation is flat, so that hardly any gradient passes (less than 1 % of what does
    where it is steepest), and the dead neurons: ReLUs that answer 0 to every example in the loss.
    The gradients are called vanishing or exploding if those of the first layer are 100 times
    smaller or larger than those of the last; exploding, too, if those of a layer are 100 times
    larger than its weights.

    ``loss`` is computed from the model; of a batch it shows more than of one example. No ``grad``
    changes.

    Raises TypeError if the model is no MLP, Layer or Neuron, or the loss no Value; ValueError for
    a loss of another model, and for gradients that are not finite.

    Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks",
    2010.

    >>> import nn, random
    >>> model = nn.MLP(2, [4, 1], activation="tanh", rng=random.Random(0))
    >>> chart = flow(model, nn.mse([model([0.5, -1.0]), model([1.0, 2.0])], [1.0, 0.0]))
    >>> chart.get_supxlabel()
    'The gradients of all layers are of similar size: every layer learns.'
    """
    layers = layer_flows(model, loss)
    flat = [layer for layer in layers if layer.flat is not None]
    figure, axes = panels(2 if flat else 1, 2, width=4.8, height=3.4, around=1.1)
    draw_gradients(axes[0], layers)
    if flat:
        draw_flat(axes[1], layers)
    head(figure, title)
    # One panel is half as wide as two, and so are the lines below it.
    width = WORDS if flat else WORDS // 2
    words = "\n".join(textwrap.fill(each, width) for each in verdicts(layers))
    figure.supxlabel(words, x=0.02, ha="left", fontsize=10, color=INK)
    return figure


def mean_size(numbers: Sequence[float]) -> float:
    """Return the size of a typical one of the numbers: the root of the mean of their squares.

    >>> mean_size([3.0, -3.0, 3.0, -3.0])
    3.0
    """
    return math.hypot(*numbers) / math.sqrt(len(numbers))


# Looking at the graph -----------------------------------------------------------------------------


def layer_flows(model: Any, loss: Any) -> list[LayerFlow]:
    """Return what the loss tells of each layer of the model."""
    network = layers_of("flow", model)
    if not isinstance(loss, Value):
        raise TypeError(
            f"flow() takes the loss as a Value, not {type(loss).__name__}: a plain number such as "
            "loss.data does not know how it was computed."
        )
    nodes, _ = trace(loss)
    parameters = [layer_parameters(parts) for parts in network]
    if not any(parameter in nodes for row in parameters for parameter in row):
        raise ValueError(
            "flow(): the loss was not computed from this model. Compute it first, as in "
            "loss = nn.mse([model(x) for x in X], y), and pass that."
        )
    layers = [
        LayerFlow(parts, row)
        for parts, row in zip(network, gradients(loss, parameters), strict=True)
    ]
    if not all(math.isfinite(each) for layer in layers for each in layer.gradients):
        raise ValueError(
            "flow(): there is nan or inf among the gradients. print(autograd.explain(loss)) tells "
            "where it is from."
        )
    answers = answers_in(nodes, network)
    for layer in layers:
        layer.answers = [answers.get(neuron.b, []) for neuron in layer.parts.neurons]
    return layers


def layer_parameters(parts: LayerParts) -> list[Value]:
    """Return the weights and biases of a layer."""
    return [each for neuron in parts.neurons for each in (*neuron.w, neuron.b)]


def gradients(loss: Value, parameters: list[list[Value]]) -> list[list[float]]:
    """Return the gradient of the loss with respect to each parameter, in the same lists.

    The sweep runs on a copy of the graph: no ``grad`` changes that anybody else can see, not even
    for a moment.
    """
    loss, parameters = copy.deepcopy((loss, parameters))
    for parameter in chain.from_iterable(parameters):
        parameter.grad = 0.0
    loss.backward()
    return [[parameter.grad for parameter in row] for row in parameters]


def answers_in(nodes: Iterable[Value], network: Iterable[LayerParts]) -> dict[Value, list[float]]:
    """Return what each neuron answered, by its bias, wherever it has an activation.

    A neuron is a sum with its bias among the terms, and the activation of that sum.
    """
    activations = {neuron.b: parts.activation for parts in network for neuron in parts.neurons}
    # Who answered what is read from the graph: the model is not run again.
    kept = [node for node in nodes if node.op is not None]
    sums = {
        node: argument
        for node in kept
        if str(node.op) == "sum"
        for argument in node.args
        if isinstance(argument, Value) and argument in activations
    }
    answers: dict[Value, list[float]] = {}
    for node in kept:
        bias = sums.get(node.args[0])
        if bias is not None and str(node.op) == activations[bias]:
            answers.setdefault(bias, []).append(node.data)
    return answers


# In words -----------------------------------------------------------------------------------------


def verdicts(layers: list[LayerFlow]) -> list[str]:
    """Return what is to be seen, and what to try, in plain words."""
    words = [*size_in_words(layers), *dead_in_words(layers)]
    for number, layer in enumerate(layers, start=1):
        if layer.parts.activation != "relu" and (layer.flat or 0.0) > MOSTLY:
            words.append(
                f"Saturated: {layer.flat:.0%} of the answers of layer {number} lie at the flat "
                f"ends of {layer.parts.activation}, where hardly any gradient passes. Scale the "
                "inputs, or begin with smaller weights."
            )
    return words or ["The gradients of all layers are of similar size: every layer learns."]


def size_in_words(layers: list[LayerFlow]) -> list[str]:
    """Return the words about the gradients of the first and the last layer."""
    first, last = layers[0].typical, layers[-1].typical
    if not any(layer.typical for layer in layers):
        return ["Every gradient is 0: nothing is learnt. No way leads back from the loss."]
    if last >= FACTOR * first:
        ratio = f"{last / first:,.0f} times smaller than" if first else "0, unlike"
        return [
            f"Vanishing: the gradients of layer 1 are {ratio} those of layer {len(layers)}, so "
            "that it hardly learns. Try relu in place of sigmoid or tanh, larger weights at first "
            "(initial='xavier' or 'he'), or fewer layers."
        ]
    if first >= FACTOR * last:
        ratio = f"{first / last:,.0f} times larger than" if last else "not 0, unlike"
        return [
            f"Exploding: the gradients of layer 1 are {ratio} those of layer {len(layers)}. Try "
            "smaller weights at first (initial='xavier' or 'he'), or nn.clip_gradients."
        ]
    number, worst = max(enumerate(layers, start=1), key=lambda pair: pair[1].excess)
    if worst.excess >= FACTOR:
        return [
            f"Exploding: the gradients of layer {number} are {worst.excess:,.0f} times larger than "
            "its weights, so that a step of learning would throw them far away. Try smaller "
            "weights at first (initial='xavier' or 'he'), scaled inputs and targets, or "
            "nn.clip_gradients."
        ]
    return []


def dead_in_words(layers: list[LayerFlow]) -> list[str]:
    """Return the words about the layers with dead neurons."""
    return [
        f"Dead: {layer.dead} of {counted(len(layer.answers), 'ReLU neuron')} in layer {number} "
        "answered 0 to every example, so that no gradient reaches their weights. Try a lower "
        "learning rate, initial='he', or leaky_relu."
        for number, layer in enumerate(layers, start=1)
        if layer.dead
    ]


# The picture --------------------------------------------------------------------------------------


def draw_gradients(axes: Any, layers: list[LayerFlow]) -> None:
    """Draw the size of every gradient, and the typical one of each layer."""
    for number, layer in enumerate(layers, start=1):
        sizes = [abs(each) for each in layer.gradients if each]
        # Side by side, in the order of the parameters, so that dots do not hide each other.
        places = [number + 0.5 * (k + 0.5) / len(sizes) - 0.25 for k in range(len(sizes))]
        axes.plot(places, sizes, linestyle="none", marker=".", color=COLOURS[4], markersize=5)
    typical = [(number, layer.typical) for number, layer in enumerate(layers, 1) if layer.typical]
    if typical:
        axes.set_yscale("log")
        axes.plot(
            *zip(*typical, strict=True), color=COLOURS[0], linewidth=2, marker="o", markersize=9,
            markerfacecolor="white", markeredgewidth=2, label="typical of the layer",
        )  # fmt: skip
        add_legend(axes)
    zeros = [layer.gradients.count(0.0) / len(layer.gradients) for layer in layers]
    name_layers(axes, layers, [f"{share:.0%} are 0" if share else "" for share in zeros])
    dress(axes, title="Size of the gradient", x="", y="|gradient| of each parameter")


def draw_flat(axes: Any, layers: list[LayerFlow]) -> None:
    """Draw the share of answers at which the activation is flat, and count the dead neurons."""
    for number, layer in enumerate(layers, start=1):
        if layer.flat is None:
            continue
        axes.bar(number, layer.flat, width=0.5, color=COLOURS[1], edgecolor=INK, linewidth=0.8)
        words = f"{layer.flat:.0%}"
        if layer.dead:
            words += f"\n{layer.dead} of {len(layer.answers)} dead"
        axes.annotate(
            words, (number, layer.flat), xytext=(0, 3), textcoords="offset points", ha="center",
            fontsize=8, color=INK,
        )  # fmt: skip
    axes.set_ylim(0.0, 1.25)
    axes.set_yticks([0.0, 0.5, 1.0])
    axes.yaxis.set_major_formatter(PercentFormatter(xmax=1))
    name_layers(axes, layers)
    dress(axes, title="Where no gradient passes", x="", y="answers at a flat end")


def name_layers(axes: Any, layers: list[LayerFlow], more: Sequence[str] = ()) -> None:
    """Write below the axes which layer is where, with ``more`` words about each."""
    names = [f"layer {number}\n{layer.parts.activation}" for number, layer in enumerate(layers, 1)]
    if len(layers) > ROOMY:
        names = [str(number) for number in range(1, len(layers) + 1)]
    if any(more):
        names = [f"{name}\n{words}" for name, words in zip(names, more, strict=True)]
    axes.set_xticks(range(1, len(layers) + 1), names, fontsize=9 if len(layers) <= ROOMY else 7)
    axes.set_xlim(0.4, len(layers) + 0.6)
    axes.grid(axis="y", color=FAINT, linewidth=0.8)
    axes.set_axisbelow(True)
