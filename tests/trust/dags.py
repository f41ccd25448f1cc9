"""Random graphs: nodes shared at random, constants, all operations; and the exact gradient.

What is promised is as sharp as floats allow. Every node may be off by its operation's bound, and
no more. The gradient may be off by what the bounds of the partials and the rounding of products
and sums add up to along all paths: a running error bound (Higham, "Accuracy and stability of
numerical algorithms", 2nd edition, section 3.3), some hundred ulp of the sum of absolute path
contributions at most, and computed for each graph. The exact partials are taken at the numbers that
the engine's own nodes have, so that a graph that is badly conditioned is no excuse.

Of a small graph a mixed third derivative is compared, too. Its errors come by too many paths for a
running bound: what is allowed is measured, by moving every operand (``nudged``, ``weighted``).
"""

import math
import random
from typing import NamedTuple

import numerics
import scales

EPSILON = 2.0**-53
DIGITS = 100  # the operands below are between 1e-30 and 1e30: plain formulas lose 60 digits at most
ROOM = 100  # third derivatives may be off by so many times what one rounding of each term changes


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
# At these constants a rule chooses: hypot(x, 0), and x**0 to x**3, also where x is 0 or below.
CORNERS = {"**": (0.0, 1.0, 2.0, 3.0), "hypot": (0.0,)}
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
            if not (WELCOME[name](*free) or at_corner(node, operands)):
                continue
            result = float(jets.FORMULAS[name](*map(jets.mpf, operands)))
            if result == 0.0 or 1e-30 < abs(result) < 1e30:
                nodes.append(node)
                numbers.append(result)
    ends = [*rng.sample(range(len(numbers)), min(len(numbers), 4)), len(numbers) - 1]
    nodes.append(Node("sum", tuple(ends), (True,) * len(ends)))
    return Graph(inputs, nodes)


def at_corner(node, operands):
    """Whether the operation has a rule of its own for these operands, and a derivative."""
    if node.name == "**":
        a, b = operands
        return not node.is_node[1] and b in CORNERS["**"] and abs(a) < 1e3
    return node.name == "hypot" and 0.0 in operands and 1e-5 < max(map(abs, operands)) < 1e10


def random_node(rng, name, numbers):
    """An operation on nodes, of which the latest are the likeliest, and now and then a constant."""
    arguments, is_node = [], []
    size = SIZE.get(name, 1)
    for place in range(size):
        constant = size > 1 and rng.random() < 0.2 and (any(is_node) or place < size - 1)
        if constant:
            arguments.append(rng.choice(CONSTANTS + 3 * CORNERS.get(name, ())))
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


# Third derivatives --------------------------------------------------------------------------------


def function_of(engine, graph):
    """The graph as a function of its inputs."""
    return lambda *inputs: build(engine, graph, inputs)[-1]


def formula_of(graph, move=None, seed=0):
    """The same function by the oracle; with ``move``, every operand is moved at random."""
    import jets

    def function(*inputs):
        nodes, rng = list(inputs), random.Random(seed)  # the same moves in every call
        for node in graph.nodes:
            operands = [nodes[x] if is_node else x for x, is_node in zip(*node[1:], strict=True)]
            if move:
                operands = [
                    move(x, rng) if is_node else x
                    for x, is_node in zip(operands, node.is_node, strict=True)
                ]
            nodes.append(jets.FORMULAS[node.name](*operands))
        return nodes[-1]

    return function


def nudged(operand, rng):
    """The operand with another last digit: what the rounding of numbers comes to."""
    return operand * (1 + rng.choice((-2, 2)) * EPSILON)


def weighted(operand, rng):
    """The operand with other derivatives: the terms no longer cancel, and their size is seen."""
    import jets

    if not isinstance(operand, jets.Jet):
        return operand
    weight = rng.uniform(-2, 2)
    return jets.Jet([operand.c[0], *(weight * each for each in operand.c[1:])])


def exact_third(function, point, places):
    """The derivative by the inputs at three places, one after the other.

    By derivatives along lines: those along u+v+w, u+v-w, u-v+w and u-v-w, the first and the last
    with a plus, leave 24 times the mixed one.
    """
    import jets

    u, v, w = ([float(at == place) for at in range(len(point))] for place in places)
    total = 0
    for a, b in ((1, 1), (1, -1), (-1, 1), (-1, -1)):
        direction = [x + a * y + b * z for x, y, z in zip(u, v, w, strict=True)]
        total += a * b * jets.along(function, point, direction, order=3)[3]
    return total / 24


def third_error(engine, graph, places):
    """The error of a mixed third derivative as a part of what is allowed: above 1 is wrong."""
    import jets
    import mpmath

    f = function_of(engine, graph)
    for place in places:
        f = engine.grad(f, place)
    got = f(*graph.inputs)
    with mpmath.workdps(DIGITS):
        exact = exact_third(formula_of(graph), graph.inputs, places)
        change = terms = 0
        for seed in range(2):
            moved = exact_third(formula_of(graph, nudged, seed), graph.inputs, places)
            change = max(change, abs(moved - exact))
            loose = formula_of(graph, weighted, seed)
            sizes = jets.along(loose, graph.inputs, [1.0] * len(graph.inputs), order=3)
            terms = max(terms, *map(abs, sizes[1:]))
        # 1e-50 is far below any float here: it is what the oracle's own digits leave of 0.
        allowed = ROOM * (change + EPSILON * terms) + math.ulp(float(exact)) + 1e-50
        return float(abs(got - exact) / allowed)


def worst_third_of(seeds):
    """The largest error of a third derivative of small graphs, and the seed that has it."""
    from worst import engine_in_use

    engine, found = engine_in_use(), []
    for seed in seeds:
        rng = random.Random(f"third {seed}")
        graph = graph_of(rng, largest=8)
        places = [rng.randrange(len(graph.inputs)) for _ in range(3)]
        found.append((third_error(engine, graph, places), seed))
    return max(found)
