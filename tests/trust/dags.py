"""Random graphs: nodes shared at random, constants, all operations; and the exact gradient.

What is promised is as sharp as floats allow. Every node may be off by its operation's bound, and
no more. The gradient may be off by what the bounds of the partials and the rounding of products
and sums add up to along all paths: a running error bound (Higham, "Accuracy and stability of
numerical algorithms", 2nd edition, section 3.3), some hundred ulp of the sum of absolute path
contributions at most, and computed for each graph. The exact partials are taken at the numbers that
the engine's own nodes have, so that a graph that is badly conditioned is no excuse.
"""

import math
import random
from typing import NamedTuple

import numerics
import scales

EPSILON = 2.0**-53
DIGITS = 100  # the operands below are between 1e-30 and 1e30: plain formulas lose 60 digits at most


class Node(NamedTuple):
    """An operation, its arguments (the number of a node, or a float), and which ones are nodes."""

    name: str
    arguments: tuple[float, ...]
    is_node: tuple[bool, ...]


class Graph(NamedTuple):
    inputs: tuple[float, ...]
    nodes: list[Node]  # numbered on from the inputs; the last one is the root


def small(limit):
    return lambda *xs: all(abs(x) <= limit for x in xs)


def apart(*xs):
    return min(xs) != max(xs)


# name of the row -> whether these operands are welcome
WELCOME = {
    "+": small(1e20), "-": small(1e20), "*": small(1e10), "neg": small(1e20),
    "/": lambda a, b: abs(a) < 1e10 and 1e-5 < abs(b) < 1e10,
    "**": lambda a, b: 1e-3 < a < 1e3 and abs(b) < 6,
    "abs": lambda a: a != 0, "exp": small(30), "expm1": small(30),
    "log": lambda a: 1e-20 < a < 1e20, "log1p": lambda a: -0.999 < a < 1e20,
    "sqrt": lambda a: 1e-20 < a < 1e20, "sin": small(1e6), "cos": small(1e6),
    "tan": small(1.4), "asin": small(0.99), "acos": small(0.99), "atan": small(1e10),
    "atan2": lambda a, b: 1e-5 < abs(a) < 1e10 and 1e-5 < abs(b) < 1e10,
    "sinh": small(30), "cosh": small(30), "tanh": small(20), "sigmoid": small(40),
    "log_sigmoid": small(40), "softplus": small(40), "relu": small(1e20),
    "leaky_relu": small(1e5), "elu": small(30), "silu": small(30), "gelu": small(7),
    "hypot": lambda a, b: small(1e10)(a, b) and abs(a) > 1e-5 and abs(b) > 1e-5,
    "sum": small(1e20), "maximum": small(1e20), "minimum": small(1e20), "where": small(1e20),
    "logsumexp": small(60), "softmax": small(30), "log_softmax": small(30),
}  # fmt: skip
SIZE = {
    "+": 2, "-": 2, "*": 2, "/": 2, "**": 2, "atan2": 2, "hypot": 2, "leaky_relu": 2, "elu": 2,
    "sum": 3, "maximum": 3, "minimum": 3, "where": 2, "logsumexp": 3, "softmax": 3,
    "log_softmax": 3,
}  # fmt: skip
CONSTANTS = (-2.0, -1.0, -0.5, 0.1, 0.5, 1.0, 2.0, 3.0, 10.0)


def random_graph(seed, largest=60):
    """The graph of this seed: 1 to 4 inputs and at most ``largest`` nodes."""
    return graph_of(random.Random(seed), largest)


def graph_of(rng, largest):
    """A graph of at most ``largest`` nodes, out of the choices of ``rng``.

    Any object with the methods of ``random.Random`` will do: hypothesis has one whose choices it
    can make smaller.
    """
    import jets
    import mpmath

    inputs = tuple(rng.uniform(-3, 3) for _ in range(rng.randint(1, 4)))
    inputs = tuple(x if abs(x) > 1e-30 else 0.0 for x in inputs)  # see DIGITS
    numbers = list(inputs)
    nodes = []
    names = list(WELCOME)
    wanted = rng.randint(1, largest - 1)
    with mpmath.workdps(30):
        for _ in range(20 * wanted):
            if len(nodes) == wanted:
                break
            name = rng.choice(names)
            node = random_node(rng, name, numbers)
            operands = [
                numbers[x] if is_node else x
                for x, is_node in zip(node.arguments, node.is_node, strict=True)
            ]
            free = operands[1:] if name in numerics.CHOOSING else operands
            if not WELCOME[name](*free):
                continue
            result = float(jets.FORMULAS[name](*map(jets.mpf, operands)))
            if result == 0.0 or 1e-30 < abs(result) < 1e30:
                nodes.append(node)
                numbers.append(result)
    ends = [*rng.sample(range(len(numbers)), min(len(numbers), 4)), len(numbers) - 1]
    nodes.append(Node("sum", tuple(ends), (True,) * len(ends)))
    return Graph(inputs, nodes)


def random_node(rng, name, numbers):
    """An operation on nodes, of which the latest are the likeliest, and now and then a constant."""
    arguments, is_node = [], []
    size = SIZE.get(name, 1)
    for place in range(size):
        constant = size > 1 and rng.random() < 0.2 and (any(is_node) or place < size - 1)
        if constant:
            arguments.append(rng.choice(CONSTANTS))
        else:
            latest = rng.random() < 0.5
            arguments.append(rng.randrange(max(0, len(numbers) - 5) if latest else 0, len(numbers)))
        is_node.append(not constant)
    if name in numerics.CHOOSING:
        choice = float(rng.randrange(2 if name == "where" else size))
        arguments, is_node = [choice, *arguments], [False, *is_node]
    return Node(name, tuple(arguments), tuple(is_node))


def build(engine, graph, inputs):
    """The engine's node for each input and each node of the graph."""
    nodes = list(inputs)
    for node in graph.nodes:
        operands = tuple(
            nodes[x] if is_node else x
            for x, is_node in zip(node.arguments, node.is_node, strict=True)
        )
        nodes.append(engine.Value.apply_op(engine.rules.OPS[node.name], operands))
    return nodes


class Expected(NamedTuple):
    """Of each input, the exact derivative and how far the engine's may be from it."""

    gradient: list[tuple[float, float]]
    wrong_nodes: list[str]  # those whose value is beyond the bound of its operation
    value_error: float  # of the root, as a part of what the bounds of all nodes allow


def expected(graph, numbers):
    """What a gradient at these numbers of all the nodes has to be, by the oracle."""
    import jets
    import mpmath

    with mpmath.workdps(DIGITS):
        start = len(graph.inputs)
        uses = [0] * len(numbers)
        local, wrong, slack = [], [], [0.0] * len(numbers)
        exact = [jets.mpf(x) for x in graph.inputs]
        for place, node in enumerate(graph.nodes, start):
            pairs = list(zip(node.arguments, node.is_node, strict=True))
            operands = tuple(numbers[x] if is_node else x for x, is_node in pairs)
            positions = [position for position, is_node in enumerate(node.is_node) if is_node]
            formula = jets.FORMULAS[node.name]
            value, *partials = jets.partials(formula, operands, positions)
            local.append((positions, operands, partials))
            scale = scales.value(node.name, operands)
            slack[place] = numerics.bound(node.name, "value") * math.ulp(
                max(abs(numbers[place]), scale)
            )
            if abs(numbers[place] - value) > slack[place]:
                wrong.append(f"{node.name}{operands} is {numbers[place]!r}, not {float(value)!r}")
            for position in positions:
                uses[node.arguments[position]] += 1
            exact.append(formula(*(exact[x] if is_node else jets.mpf(x) for x, is_node in pairs)))
        adjoints, error, total = backwards(graph, numbers, uses, local)
        allowed = sum(abs(float(a)) * s for a, s in zip(adjoints, slack, strict=True))
        off = abs(float(exact[-1] - numbers[-1]))
        gradient = [
            (float(adjoints[k]), float(error[k]) + uses[k] * EPSILON * total[k])
            for k in range(start)
        ]
    return Expected(gradient, wrong, off / allowed if allowed else off)


def backwards(graph, numbers, uses, local):
    """The exact adjoints, a bound of the engine's error in each, and sums of absolute terms."""
    import jets

    start = len(graph.inputs)
    adjoints = [jets.mpf(0)] * len(numbers)
    adjoints[-1] = jets.mpf(1)
    error, total = [0.0] * len(numbers), [0.0] * len(numbers)
    for place in reversed(range(start, len(numbers))):
        node = graph.nodes[place - start]
        adjoint, size = adjoints[place], abs(float(adjoints[place]))
        error[place] += uses[place] * EPSILON * total[place]
        positions, operands, partials = local[place - start]
        for position, partial in zip(positions, partials, strict=True):
            slope = abs(float(partial))
            scale = scales.gradient(node.name, operands, position)
            off = numerics.bound(node.name, "gradient") * math.ulp(max(slope, scale))
            argument = node.arguments[position]
            adjoints[argument] += adjoint * partial
            term = (size + error[place]) * (slope + off)
            total[argument] += term
            error[argument] += error[place] * (slope + off) + size * off + EPSILON * term
            error[argument] += math.ulp(0.0)
    return adjoints, error, total


def gradients(engine, graph):
    """The numbers of all the nodes, and the derivatives of the root, from one backward pass."""
    inputs = tuple(map(engine.Value, graph.inputs))
    nodes = build(engine, graph, inputs)
    nodes[-1].backward()
    return [node.data for node in nodes], [node.grad for node in inputs]


def worst_error(engine, graph):
    """The largest error of the graph as a part of what is allowed: above 1 is wrong."""
    numbers, found = gradients(engine, graph)
    right = expected(graph, numbers)
    if right.wrong_nodes:
        return math.inf, right.wrong_nodes
    parts = [
        abs(got - slope) / allowed if allowed else (0.0 if got == slope else math.inf)
        for got, (slope, allowed) in zip(found, right.gradient, strict=True)
    ]
    # The bound of the value holds to first order; twice that leaves room for the rest.
    return max(*parts, right.value_error / 2, 0.0), (found, right.gradient)


def worst_of(seeds):
    """The largest error of the graphs of these seeds, and the seed that has it."""
    from worst import engine_in_use

    engine = engine_in_use()
    return max((worst_error(engine, random_graph(seed))[0], seed) for seed in seeds)
