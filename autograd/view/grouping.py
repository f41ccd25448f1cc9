"""The nodes of a large graph, gathered into neurons and layers.

The engine records no neurons. The name of a parameter tells to which neuron it belongs, as in
``layer1.neuron3.w2``, and the graph tells the rest: a node that a parameter goes into is work of
that neuron, and so is what leads from there to the next parameter. Behind the last parameters
nothing says where the network ends and the loss begins. There, a neuron is its weighted sum and
one activation of it, and what follows is the result.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any, TypeAlias

from autograd.value import Value

Arguments: TypeAlias = dict[Value, list[Value]]  # of each node in order, without the constants
INPUTS, RESULT = "<inputs>", "<result>"  # homes of the nodes that belong to no neuron
SUMS = {"+", "-", "sum", "alias"}
PRODUCTS = {"*", "/"}
# A softplus or a log_sigmoid at the end of a network is much rather the beginning of its loss.
ACTIVATIONS = {"tanh", "sigmoid", "relu", "leaky_relu", "elu", "gelu", "silu"}


@dataclass(eq=False)  # so that it can be a key, by identity
class Group:
    """What is drawn as one box: a neuron, a layer, the inputs or the result.

    ``kind`` is "neuron", "layer", INPUTS or RESULT. ``outputs`` are the nodes that are used outside
    of the group, ``neurons`` the names of its neurons, and ``uses`` is how many times each of them
    worked: once for every example of a batch.
    """

    kind: str
    name: str
    parameters: dict[Value, str] = field(default_factory=dict)
    nodes: list[Value] = field(default_factory=list)
    outputs: list[Value] = field(default_factory=list)
    neurons: set[str] = field(default_factory=set)
    uses: int = 0


@dataclass(eq=False)
class Crossing:
    """The edges from one group to another: each argument there, with the nodes that use it."""

    source: Group
    target: Group
    uses: list[tuple[Value, Value, int]] = field(default_factory=list)


@dataclass
class Grouped:
    """A graph as groups, in the order of the forward pass, and what crosses between them."""

    groups: list[Group]
    crossings: list[Crossing]


def grouped(
    order: Sequence[Value], roots: Iterable[Value], names: Mapping[Value, str], detail: str
) -> Grouped:
    """Return the graph gathered by ``detail``, "neuron" or "layer".

    ``order`` is topological, and ``names`` has the name of each parameter.
    """
    # Only parameters have a name that tells their neuron; every other node gets its home from them.
    owners = {node: neuron_of(names[node]) for node in order if node in names}
    arguments = {node: [each for each in node.args if type(each) is not float] for node in order}
    homes = Homes(arguments, owners).found
    group_of = gathered(homes, detail)
    for parameter, neuron in owners.items():
        group = group_of[parameter]
        group.parameters[parameter] = names[parameter]
        group.neurons.add(neuron)
    for parameter, count in uses(arguments, homes, owners).items():
        group_of[parameter].uses = max(group_of[parameter].uses, count)
    crossings = crossed(order, group_of)
    leaving = dict.fromkeys(each for crossing in crossings for each, _, _ in crossing.uses)
    for node in leaving | dict.fromkeys(roots):
        if node not in owners:
            group_of[node].outputs.append(node)
    return Grouped(list(dict.fromkeys(group_of.values())), crossings)


def gathered(homes: Mapping[Value, str], detail: str) -> dict[Value, Group]:
    """Return the group of each node."""
    groups: dict[str, Group] = {}
    group_of = {}
    for node, home in homes.items():
        name = layer_of(home) if detail == "layer" else home
        if name not in groups:
            groups[name] = Group(name if name in (INPUTS, RESULT) else detail, name)
        group_of[node] = group = groups[name]
        group.nodes.append(node)
    return group_of


def crossed(order: Iterable[Value], group_of: Mapping[Value, Group]) -> list[Crossing]:
    """Return what crosses from one group to another, for each pair of groups."""
    found: dict[tuple[Group, Group], Crossing] = {}
    for node in order:
        target = group_of[node]
        for position, argument in enumerate(node.args):
            if type(argument) is float:
                continue
            source = group_of[argument]
            if source is not target:
                if (source, target) not in found:
                    found[source, target] = Crossing(source, target)
                found[source, target].uses.append((argument, node, position))
    return list(found.values())


def neuron_of(name: str) -> str:
    """Return the neuron that a parameter belongs to, by its name.

    >>> neuron_of("layer1.neuron3.w2"), neuron_of("w")
    ('layer1.neuron3', 'parameters')
    """
    return name.rpartition(".")[0] or "parameters"


@functools.cache
def layer_of(neuron: str) -> str:
    """Return the layer of a neuron: what stands before the part that is called neuron.

    >>> layer_of("layer1.neuron3"), layer_of("layer2"), layer_of("neuron3")
    ('layer1', 'layer2', 'layer')
    """
    before, _, last = neuron.rpartition(".")
    return (before or "layer") if last.startswith("neuron") else neuron


class Homes:
    """Finds for every node the neuron that it belongs to, or the layer, the inputs or the result.

    ``open`` are the beginnings of weighted sums. Each has the number of its first parameter: two
    pieces of one sum have different parameters, but the sums of two examples have the same.
    """

    def __init__(self, arguments: Arguments, owners: Mapping[Value, str]) -> None:
        self.owners = owners
        self.numbers = {parameter: number for number, parameter in enumerate(owners)}
        self.users = Counter(chain.from_iterable(arguments.values()))
        self.upstream = upstream(arguments, owners)
        self.found: dict[Value, str] = {}
        self.open: dict[Value, int] = {}
        self.rank: dict[str, int] = {}  # of the layers, in the order of the forward pass
        for node, its_arguments in arguments.items():
            self.found[node] = home = owners.get(node) or self.home(node, its_arguments)
            self.rank.setdefault(layer_of(home), len(self.rank))

    def home(self, node: Value, arguments: list[Value]) -> str:
        """Return where a computed node or an input belongs; its arguments have been placed."""
        homes = {self.found[each] for each in arguments} - {INPUTS}
        if not homes:
            return INPUTS
        return self.linear(node, arguments) or (
            self.latest(homes) if node in self.upstream else self.last(node, arguments, homes)
        )

    def linear(self, node: Value, arguments: list[Value]) -> str:
        """Return the neuron that a node is a piece of the weighted sum of, or nothing."""
        assert node.op is not None, "a leaf has no arguments"
        parameters = [each for each in arguments if each in self.owners]
        if node.op.name in PRODUCTS:
            # A product of two parameters is no weight times an input: a penalty has such ones.
            if len(parameters) != 1:
                return ""
            self.open[node] = self.numbers[parameters[0]]
            return self.owners[parameters[0]]
        constants = [each for each in node.args if type(each) is float]
        if node.op.name not in SUMS or (constants and (node.op.name != "+" or any(constants))):
            return ""  # only the 0 with which sum() begins is a piece of a weighted sum
        pieces = [each for each in arguments if each in self.owners or each in self.open]
        homes = {self.found[each] for each in pieces}
        firsts = [self.numbers.get(each, self.open.get(each, -1)) for each in pieces]
        # Of one neuron, each piece of another parameter, and either nothing else or a parameter: an
        # input that is added without a weight begins another computation.
        whole = len(pieces) == len(arguments) or parameters
        if len(homes) != 1 or len(set(firsts)) < len(firsts) or not whole:
            return ""
        self.open[node] = min(firsts)
        return homes.pop()

    def latest(self, homes: set[str]) -> str:
        """Return the one of the homes, or their layer, that is the last of the forward pass."""
        layer = max(map(layer_of, homes), key=lambda name: self.rank[name])
        here = [home for home in homes if layer_of(home) == layer]
        return here[0] if len(here) == 1 else layer

    def last(self, node: Value, arguments: list[Value], homes: set[str]) -> str:
        """Return the home of a node behind the last parameters."""
        assert node.op is not None, "a leaf has no arguments"
        if RESULT in homes or not all(each in self.open for each in arguments):
            return RESULT
        # A softmax looks at all neurons of its layer, and so belongs to none of them.
        if node.op.name == "softmax" and len(set(map(layer_of, homes))) == 1:
            return self.latest(homes)
        # A sum that is used twice is not just on its way through an activation.
        alone = len(arguments) == 1 and self.users[arguments[0]] == 1
        return homes.pop() if node.op.name in ACTIVATIONS and alone else RESULT


def upstream(arguments: Arguments, owners: Mapping[Value, str]) -> set[Value]:
    """Return the nodes that lead to a parameter: into a node that has one as an argument."""
    found: set[Value] = set()
    # From the end, so that what leads to a node was decided before its own arguments are.
    for node in reversed(arguments):
        if node in found or not owners.keys().isdisjoint(arguments[node]):
            found.update(each for each in arguments[node] if each not in owners)
    return found


def uses(
    arguments: Arguments, homes: Mapping[Value, str], owners: Mapping[Value, str]
) -> Counter[Value]:
    """Return how many times each parameter is used by its own neuron, and not by a penalty, say."""
    return Counter(
        each
        for node, its_arguments in arguments.items()
        for each in its_arguments
        if each in owners and homes[node] == owners[each]
    )


# The names of the parameters ----------------------------------------------------------------------


def parameter_names(
    order: Sequence[Value], given: Any, variables: Mapping[Any, str]
) -> dict[Value, str]:
    """Return the names of the parameters: those given, else the leaves with a label of parts."""
    if isinstance(given, Mapping):
        return {value: name for name, value in given.items()}
    return {value: value.label or variables.get(value, "parameter") for value in given} or {
        node: node.label for node in order if node.op is None and has_parts(node.label)
    }


def has_parts(label: Any) -> bool:
    """Whether a label is a path of names, as ``layer1.neuron3.w2`` is."""
    parts = str(label).split(".")
    return len(parts) > 1 and all(part.isidentifier() for part in parts)
