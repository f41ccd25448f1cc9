"""The same network by every peer: its value and gradient, and a training step with Adam.

A function here returns a ``Peer``, or raises ImportError or MissingError where it cannot be had.
"""

from __future__ import annotations

import ctypes
import importlib
import random
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import nn
from autograd import compile  # noqa: A004  the design's name
from benchmarks.timing import Job

Array = Any
RATE, FIRST, SECOND, TINY = 0.001, 0.9, 0.999, 1e-8  # Adam


class MissingError(Exception):
    """A peer cannot be had on this machine, or not for this problem."""


@dataclass
class Peer:
    """A peer at work: ``gradient`` returns value and gradient, ``train`` takes so many steps.

    ``flat`` turns what ``gradient`` returned into a number and an array in our order.
    """

    name: str
    gradient: Job
    flat: Callable[[Any], tuple[float, Array]]
    train: Callable[[int], Any] | None = None


class Problem:
    """A network with relu between its layers, and a batch; one output is fitted, more classify."""

    def __init__(self, sizes: list[int], rows: int) -> None:
        rng = np.random.default_rng(0)
        self.sizes, self.rows, self.classify = sizes, rows, sizes[-1] > 1
        self.X: Array = rng.normal(size=(rows, sizes[0]))
        self.y: Array = (
            rng.integers(0, sizes[-1], size=rows) if self.classify else rng.normal(size=rows)
        )
        self.model = nn.MLP(sizes[0], sizes[1:], rng=random.Random(0))

    def loss(self, x: Any, y: Any) -> Any:
        """Return the loss of one example, as our engine takes it."""
        loss = nn.categorical_crossentropy if self.classify else nn.mse
        return loss(self.model(x), y)

    def matrices(self) -> list[tuple[Array, Array]]:
        """Return weights (inputs, outputs) and biases of each layer."""
        return [
            (
                np.array([[w.data for w in neuron.w] for neuron in layer.neurons]).T.copy(),
                np.array([neuron.b.data for neuron in layer.neurons]),
            )
            for layer in self.model.layers
        ]


def in_our_order(layers: Any) -> Array:
    """Return weights and biases of all layers as one array: neuron after neuron."""
    return np.concatenate([np.vstack([w, b]).T.ravel() for w, b in layers])


# Ours ---------------------------------------------------------------------------------------------


def chalkgrad(problem: Problem) -> Peer:
    """Return our own engine, compiled; it trains by ``nn.fit``, as a user does."""
    step = compile(problem.loss, problem.model.parameters())
    learner = nn.MLP(problem.sizes[0], problem.sizes[1:], rng=random.Random(0))

    def train(count: int) -> Any:
        return nn.fit(
            learner, problem.X, problem.y, epochs=count, batch_size=problem.rows,
            loss="categorical_crossentropy" if problem.classify else "mse",
            optimizer="adam", learning_rate=RATE, progress=False,
        )  # fmt: skip

    return Peer(
        "chalkgrad",
        lambda: step.value_and_grad(problem.X, problem.y),
        lambda found: found,
        train,
    )


def repeated(step: Job) -> Callable[[int], None]:
    """Return what takes a step so many times."""

    def train(count: int) -> None:
        for _ in range(count):
            step()

    return train


# Theirs -------------------------------------------------------------------------------------------


def jax_jit(problem: Problem) -> Peer:
    """Return JAX: the network as one writes it, differentiated and jitted."""
    jax: Any = importlib.import_module("jax")
    jnp = jax.numpy
    jax.config.update("jax_enable_x64", True)
    X, y = jnp.array(problem.X), jnp.array(problem.y)
    parameters = [(jnp.array(w), jnp.array(b)) for w, b in problem.matrices()]

    def loss(parameters: Any, X: Any, y: Any) -> Any:
        for position, (w, b) in enumerate(parameters):
            X = X @ w + b
            if position < len(parameters) - 1:
                X = jax.nn.relu(X)
        if problem.classify:
            return -jnp.take_along_axis(jax.nn.log_softmax(X), y[:, None], 1).mean()
        return ((X[:, 0] - y) ** 2).mean()

    def descend(state: Any, X: Any, y: Any) -> Any:
        parameters, first, second, count = state
        _, slopes = jax.value_and_grad(loss)(parameters, X, y)
        count = count + 1
        first = jax.tree.map(lambda m, g: FIRST * m + (1 - FIRST) * g, first, slopes)
        second = jax.tree.map(lambda v, g: SECOND * v + (1 - SECOND) * g * g, second, slopes)

        def moved(p: Any, m: Any, v: Any) -> Any:
            root = jnp.sqrt(v / (1 - SECOND**count)) + TINY
            return p - RATE * m / (1 - FIRST**count) / root

        return jax.tree.map(moved, parameters, first, second), first, second, count

    gradient, stepped = jax.jit(jax.value_and_grad(loss)), jax.jit(descend)
    zeros = jax.tree.map(jnp.zeros_like, parameters)
    state = parameters, zeros, zeros, jnp.array(0.0)

    def step() -> None:
        nonlocal state
        state = jax.block_until_ready(stepped(state, X, y))

    return Peer(
        "JAX jit",
        lambda: jax.block_until_ready(gradient(parameters, X, y)),
        lambda found: (float(found[0]), in_our_order(found[1])),
        repeated(step),
    )


def pytorch(problem: Problem) -> Peer:
    """Return PyTorch in its eager mode, with its own Adam."""
    torch: Any = importlib.import_module("torch")
    torch.set_num_threads(1)
    X, y = torch.tensor(problem.X), torch.tensor(problem.y)
    layers = [
        (torch.tensor(w, requires_grad=True), torch.tensor(b, requires_grad=True))
        for w, b in problem.matrices()
    ]
    learned = [[part.detach().clone().requires_grad_() for part in layer] for layer in layers]
    parameters = [part for layer in learned for part in layer]
    optimizer = torch.optim.Adam(parameters, lr=RATE, foreach=True)

    def loss(layers: Any) -> Any:
        values = X
        for position, (w, b) in enumerate(layers):
            values = values @ w + b
            if position < len(layers) - 1:
                values = torch.relu(values)
        if problem.classify:
            return torch.nn.functional.cross_entropy(values, y)
        return ((values[:, 0] - y) ** 2).mean()

    def gradient() -> Any:
        value = loss(layers)
        for layer in layers:
            for part in layer:
                part.grad = None
        value.backward()
        return value

    def step() -> None:
        optimizer.zero_grad()
        loss(learned).backward()
        optimizer.step()

    def flat(found: Any) -> tuple[float, Array]:
        return found.item(), in_our_order([(w.grad.numpy(), b.grad.numpy()) for w, b in layers])

    return Peer("PyTorch", gradient, flat, repeated(step))


def numpy_by_hand(problem: Problem) -> Peer:
    """Return NumPy, with the derivative as one works it out on paper."""
    X, y, rows = problem.X, problem.y, problem.rows
    layers = problem.matrices()
    last = len(layers) - 1

    def gradient() -> Any:
        values = [X]
        for position, (w, b) in enumerate(layers):
            total = values[-1] @ w + b
            values.append(np.maximum(total, 0.0) if position < last else total)
        scores = values.pop()
        if problem.classify:
            weights = np.exp(scores - scores.max(axis=1, keepdims=True))
            slope = weights / weights.sum(axis=1, keepdims=True)
            value = -np.log(slope[np.arange(rows), y]).mean()
            slope[np.arange(rows), y] -= 1.0
        else:
            slope = 2.0 * (scores - y[:, None])
            value = 0.25 * (slope * slope).mean()
        slope /= rows
        slopes = []
        for (w, _), x in zip(reversed(layers), reversed(values), strict=True):
            slopes.append((x.T @ slope, slope.sum(axis=0)))
            if len(slopes) <= last:
                slope = (slope @ w.T) * (x > 0.0)
        return value, slopes[::-1]

    return Peer("NumPy by hand", gradient, lambda found: (found[0], in_our_order(found[1])))


def c_by_hand(problem: Problem) -> Peer:
    """Return the C of ``compiled.c``, compiled here for this very machine."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        raise MissingError("no C compiler: install gcc")
    source = Path(__file__).with_name("compiled.c")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        target = str(Path(folder, "network.so"))
        flags = ["-O3", "-march=native", "-fopenmp-simd", "-shared", "-fPIC"]
        done = subprocess.run(
            [compiler, *flags, str(source), "-o", target, "-lm"], capture_output=True, text=True
        )
        if done.returncode:
            raise MissingError(f"{compiler} failed: {done.stderr.strip()[:200]}")
        function = ctypes.CDLL(target).value_and_gradient
    function.restype = ctypes.c_double
    sizes, y = np.array(problem.sizes, np.int32), problem.y.astype(float)
    weights = np.concatenate([np.vstack(layer).ravel() for layer in problem.matrices()])
    slopes, work = np.empty_like(weights), np.empty(3 * sum(problem.sizes))
    pointers = [ctypes.c_void_p(a.ctypes.data) for a in (problem.X, y, weights, slopes, work)]
    arguments = (
        len(sizes) - 1, ctypes.c_void_p(sizes.ctypes.data), int(problem.classify),
        ctypes.c_long(problem.rows), *pointers,
    )  # fmt: skip

    def flat(value: float) -> tuple[float, Array]:
        layers, rest = [], slopes
        for size, width in zip(problem.sizes, problem.sizes[1:], strict=False):
            matrix = rest[: (size + 1) * width].reshape(size + 1, width)
            layers.append((matrix[:-1], matrix[-1]))
            rest = rest[matrix.size :]
        return value, in_our_order(layers)

    def gradient() -> float:
        return float(function(*arguments))

    gradient.kept = sizes, y, weights, slopes, work  # type: ignore[attr-defined]  # pointed to
    return Peer("C by hand", gradient, flat)


def micrograd(problem: Problem) -> Peer:
    """Return micrograd: a scalar for every number, as in the classroom."""
    engine: Any = importlib.import_module("micrograd.nn")
    if problem.classify:
        raise MissingError("micrograd has neither exp nor log")
    model = engine.MLP(problem.sizes[0], problem.sizes[1:])
    numbers = [parameter.data for parameter in problem.model.parameters()]
    for theirs, number in zip(model.parameters(), numbers, strict=True):
        theirs.data = number
    batch = list(zip(problem.X.tolist(), problem.y.tolist(), strict=True))

    def gradient() -> Any:
        loss = sum((model(x) - y) ** 2 for x, y in batch) * (1.0 / problem.rows)
        model.zero_grad()
        loss.backward()
        return loss

    def flat(loss: Any) -> tuple[float, Array]:
        return loss.data, np.array([parameter.grad for parameter in model.parameters()])

    return Peer("micrograd", gradient, flat)


FAST = (chalkgrad, jax_jit, pytorch, numpy_by_hand, c_by_hand)


def available(
    problem: Problem, wanted: tuple[Callable[[Problem], Peer], ...] = FAST
) -> tuple[list[Peer], dict[str, str]]:
    """Return the peers that there are, all with our answer, and why there are no others."""
    peers, missing = [], {}
    for make in wanted:
        try:
            peers.append(make(problem))
        except (ImportError, MissingError) as error:
            missing[make.__name__] = str(error)
    value, gradient = peers[0].flat(peers[0].gradient())
    for peer in peers[1:]:
        other, slopes = peer.flat(peer.gradient())
        if not np.isclose(other, value) or not np.allclose(slopes, gradient, atol=1e-9):
            raise AssertionError(f"{peer.name} has another answer: this would compare nothing")
    return peers, missing
