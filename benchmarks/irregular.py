"""What has no pattern: random nodes on random nodes, and the price of recording and lifting."""

from __future__ import annotations

import functools
import importlib
import random
import time
from collections.abc import Callable, Iterator, Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np

import autograd
from autograd import Value, compile  # noqa: A004  the design's name
from autograd.compiled.lift.lift import lift
from autograd.compiled.record.record import Shape, record
from benchmarks.peers import Problem
from benchmarks.timing import side_by_side

LEAVES = 8  # inputs, and as many parameters
OURS = {
    "sin": autograd.sin, "tanh": autograd.tanh, "sigmoid": autograd.sigmoid, "sum": autograd.fsum,
}  # fmt: skip


def irregular(nodes: int) -> Callable[..., Any]:
    """Return a function of inputs, parameters and the functions to use, of so many operations."""
    rng = random.Random(nodes)
    plan: dict[tuple[str, int, int], None] = {}  # operation, operands; no node is there twice
    bounded = list(range(2 * LEAVES))  # a factor is from here, so that products stay small
    while len(plan) < nodes - 1:
        count = 2 * LEAVES + len(plan)
        name = rng.choice(["+", "-", "*", "sin", "tanh", "sigmoid"])
        first, second = sorted((rng.randrange(count), rng.randrange(count)))
        if name == "*":
            second = rng.choice(bounded)
        elif name in OURS:
            second = first
        if (name == "-" and first == second) or (name, first, second) in plan:
            continue
        plan[name, first, second] = None
        if name in OURS:
            bounded.append(count)
    used = {place for _, first, second in plan for place in (first, second)}
    ends = [place for place in range(2 * LEAVES, 2 * LEAVES + len(plan)) if place not in used]

    def function(x: Any, parameters: Any, functions: Mapping[str, Any]) -> Any:
        pool = [*x, *parameters]
        for name, first, second in plan:
            a, b = pool[first], pool[second]
            if name == "*":
                pool.append(a * b)
            elif name in functions:
                pool.append(functions[name](a))
            else:
                pool.append(a + b if name == "+" else a - b)
        return functions["sum"]([pool[end] for end in ends])

    return function


def run_irregular(nodes: int, rows: int) -> SimpleNamespace:
    """Return the times of an irregular graph: of a call, and of what comes before the first."""
    function = irregular(nodes)
    rng = np.random.default_rng(0)
    X, numbers = rng.normal(size=(rows, LEAVES)), rng.uniform(-1.0, 1.0, size=LEAVES)
    parameters = [Value(float(number)) for number in numbers]

    def of_a_row(x: Any) -> Any:
        return function(x, parameters, OURS)

    prepared = min(prepare(of_a_row, [(LEAVES,)], parameters)[1] for _ in range(3))
    step = compile(of_a_row, parameters)
    start = time.perf_counter()
    value, gradient = step.value_and_grad(X)
    first = time.perf_counter() - start
    found = SimpleNamespace(prepared=prepared, first=first, jax_prepared=None, times=None)
    jobs: dict[str, Any] = {"chalkgrad": lambda: step.value_and_grad(X)}
    try:
        jax: Any = importlib.import_module("jax")
    except ImportError:
        found.times = side_by_side(jobs, rounds=7)
        return found
    jnp = jax.numpy
    jax.config.update("jax_enable_x64", True)
    theirs = {"sin": jnp.sin, "tanh": jnp.tanh, "sigmoid": jax.nn.sigmoid, "sum": sum}

    def loss(parameters: Any, X: Any) -> Any:
        return jax.vmap(lambda x: function(x, parameters, theirs))(X).mean()

    arguments = jnp.array(numbers), jnp.array(X)
    start = time.perf_counter()
    jitted = jax.jit(jax.value_and_grad(loss)).lower(*arguments).compile()
    found.jax_prepared = time.perf_counter() - start
    other, slopes = jitted(*arguments)
    if not np.isclose(other, value) or not np.allclose(slopes, gradient):
        raise AssertionError("JAX has another answer: this would compare nothing")
    jobs["JAX jit"] = lambda: jax.block_until_ready(jitted(*arguments))
    found.times = side_by_side(jobs, rounds=7)
    return found


def prepare_growing() -> Iterator[tuple[str, int, float]]:
    """Yield for graphs of growing size: which, how many scalars, seconds to record and lift."""
    for sizes in ([2, 16, 16, 1], [64, 32, 10], [64, 256, 128, 10], [128, 512, 128, 10]):
        problem = Problem(sizes, 1)
        shapes: list[Shape] = [(sizes[0],), ()]
        found = prepare(problem.loss, shapes, problem.model.parameters())
        yield f"MLP({sizes[0]}, {sizes[1:]})", *found
    for nodes in (1_000, 10_000, 100_000, 300_000):
        function = functools.partial(irregular(nodes), functions=OURS)
        parameters = [Value(0.5) for _ in range(LEAVES)]
        found = prepare(lambda x: function(x, parameters), [(LEAVES,)], parameters)  # noqa: B023  at once
        yield f"{nodes:,} random nodes", *found


def prepare(
    function: Callable[..., Any], shapes: list[Shape], parameters: list[Value]
) -> tuple[int, float]:
    """Return how many scalars a function has, and the time to record and lift it."""
    start = time.perf_counter()
    program = lift(record(function, shapes, parameters), parameters)
    return program.scalars, time.perf_counter() - start
