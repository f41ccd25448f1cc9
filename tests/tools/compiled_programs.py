"""Random functions of one example, and what the engine itself says of them: for the tests here."""

import random

import numpy as np

from autograd import Value, fsum, mean, softmax, tanh, where
from autograd.backward import local_partials
from autograd.graph import topological_order
from autograd.rules import OPS

# Names of operations that a user reaches by an operator or a function, by their number of operands.
ONE = [
    "abs", "exp", "expm1", "log", "log1p", "sqrt", "sin", "cos", "tan", "asin", "acos", "atan",
    "sinh", "cosh", "tanh", "sigmoid", "log_sigmoid", "softplus", "relu", "silu", "gelu", "neg",
    "sech2", "normal_cdf", "normal_pdf", "alias",
]  # fmt: skip
TWO = ["+", "-", "*", "/", "**", "atan2", "hypot", "leaky_relu", "elu", "hypot_slope",
       "over_square", "power_slope", "power_log"]  # fmt: skip
MANY = [
    "sum",
    "maximum",
    "minimum",
    "logsumexp",
    "where",
    "softmax",
    "log_softmax",
    "softmax_rest",
    "share",
]


def applied(name, operands):
    """One operation on recorded or plain nodes, called as the engine calls it."""
    op = OPS[name]
    if name in ("softmax", "log_softmax", "softmax_rest"):
        operands = (1.0, *operands)
    if name == "where":
        return where(operands[0] > operands[1], operands[1], operands[2])
    nodes = [operand for operand in operands if isinstance(operand, Value)]
    return nodes[0].apply_op(op, tuple(operands))


def random_function(seed, size, inputs, parameters):
    """A function of a row of inputs that applies random operations to what is there already.

    Every result is squashed into (0.15, 0.85), where all operations are defined.
    """
    rng = random.Random(seed)
    plan = []
    for k in range(size):
        name = rng.choice(ONE + TWO + MANY)
        count = 1 if name in ONE else 2 if name in TWO else 3
        # Half of the choices fall on the newest nodes, so that the graph gets deep.
        places = [rng.random() if rng.random() < 0.5 else 0.999 for _ in range(count)]
        plan.append((name, places, k))

    def function(row):
        row = [each if isinstance(each, Value) else Value(each) for each in row]
        pool = [*parameters, *row, 0.25, 0.5]
        for name, places, k in plan:
            operands = [pool[int(place * len(pool))] for place in places]
            if not any(isinstance(operand, Value) for operand in operands):
                operands[0] = pool[k % (len(parameters) + inputs)]
            if name == "where" and not any(isinstance(each, Value) for each in operands[1:]):
                operands[1] = operands[0]  # a choice between two constants would be no node
            pool.append(0.5 + 0.35 * tanh(applied(name, operands)))
        return mean(pool[-3:]) * pool[-1]

    return function


def random_network(seed, inputs, parameters):
    """A function made of layers written in several ways: as sums, as chains, with shared terms."""
    rng = random.Random(seed)
    layers, left = [], list(parameters)
    size = inputs
    while len(left) > size + 1 and len(layers) < 4:
        width = rng.randint(1, min(5, len(left) // (size + 1)))
        weights = [[left.pop() for _ in range(size)] for _ in range(width)]
        biases = [left.pop() if rng.random() < 0.8 else 0.0 for _ in range(width)]
        layers.append((weights, biases, rng.choice(["chain", "fsum", "minus"]),
                       rng.choice(["tanh", "relu", "sigmoid", "none", "softmax"])))  # fmt: skip
        size = width

    def function(row):
        values = list(row)
        for weights, biases, way, activation in layers:
            sums = [weighted(way, ws, values, b) for ws, b in zip(weights, biases, strict=True)]
            if activation == "softmax" and len(sums) > 1:
                values = softmax(sums)
            elif activation in ("none", "softmax"):
                values = sums
            else:
                values = [getattr(total, activation)() for total in sums]
        return fsum([value * value for value in values]) + 0.01 * fsum([p * p for p in parameters])

    return function


def weighted(way, weights, values, bias):
    if way == "fsum":
        return fsum([*(w * x for w, x in zip(weights, values, strict=True)), bias])
    total = bias
    for weight, value in zip(weights, values, strict=True):
        total = total + weight * value if way == "chain" else total - value * -weight
    return total


def eager(function, parameters, rows):
    """The mean over the rows and its gradients, as the engine computes them."""
    inputs = [[Value(number) for number in row] for row in rows.tolist()]
    for parameter in parameters:
        parameter.grad = 0.0
    total = fsum([function(row) for row in inputs]) / len(inputs)
    total.backward()
    by_input = np.array([[value.grad for value in row] for row in inputs])
    gradient = np.array([parameter.grad for parameter in parameters])
    return total.data, gradient, by_input


def size_of_terms(function, parameters, rows):
    """How large the terms are that add up to the mean and to its gradient, all signs dropped.

    A number that was rounded k times on the way is wrong by k units in the last place of these
    terms, and not of their sum, which may have cancelled to nothing. A gradient is the sum over
    all paths of the products of partials; a value depends on each node with that node's adjoint.
    """
    of_value, of_gradient = 0.0, np.zeros(len(parameters))
    for row in rows.tolist():
        result = function([Value(number) for number in row])
        order = topological_order(result)
        size = dict.fromkeys(order, 0.0)
        size[result] = 1.0
        for node in reversed(order):
            of_value += size[node] * abs(node.data)
            for argument, partial in zip(node.args, local_partials(node), strict=True):
                if partial is not None:
                    size[argument] += size[node] * abs(partial)
        of_gradient += [size.get(parameter, 0.0) for parameter in parameters]
    return of_value / len(rows), of_gradient / len(rows)


def batch(seed, rows, inputs):
    rng = np.random.default_rng(seed)
    return rng.uniform(0.15, 0.85, size=(rows, inputs))


def some_parameters(seed, count):
    rng = random.Random(seed)
    return [Value(rng.uniform(0.15, 0.85), label=f"p{k}") for k in range(count)]
