"""What an operation and a question cost, from 10 nodes to a million: everything is to be linear.

    python -m benchmarks.costs              every row of the table, and every reader of a graph
    python -m benchmarks.costs rows         the operations alone
    python -m benchmarks.costs readers      the readers alone
    python -m benchmarks.costs paths draw   these readers

A row is measured on a chain of its nodes or, where it takes many arguments, on one node of so many;
the time is that of value and ``backward()``. A reader (``draw``, ``steps``, ...) is asked about a
chain. Each runs in a process of its own, and is stopped after ``PATIENCE`` seconds; times are those
of the processor. What refuses does so within a second, and its advice is printed. The last column
says how soon Ctrl-C was heard by the largest size.
"""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import autograd
from autograd import Value
from autograd.rules import OPS
from benchmarks.timing import readable

SIZES = (10, 100, 1_000, 10_000, 100_000, 1_000_000)
PATIENCE = 60.0  # seconds for one size
SETTLED = 1_000  # from this size on the curve has to be straight: below, what is constant counts
SEQUENCES: dict[str, Callable[[list[Value]], Any]] = {
    "sum": autograd.fsum, "logsumexp": autograd.logsumexp, "mean": autograd.mean,
    "maximum": lambda values: autograd.maximum(*values),
    "minimum": lambda values: autograd.minimum(*values),
    "softmax": lambda values: autograd.fsum(autograd.softmax(values)),
    "log_softmax": lambda values: autograd.fsum(autograd.log_softmax(values)),
    "log_softmax at one place": lambda values: autograd.log_softmax(values, 0),
}  # fmt: skip
MANY = {"sum", "logsumexp", "maximum", "minimum", "softmax", "log_softmax", "softmax_rest", "where"}

# Rows ---------------------------------------------------------------------------------------------


def chain_of(name: str, size: int) -> Value:
    """Return the last node of a chain in which every node is of this operation, or leads to it."""
    op, x = OPS[name], Value(0.4)
    node = x
    for _ in range(size // 2):
        operands = (node,) if op.second is None else (node, 0.7)
        node = Value.apply_op(op, operands) * 0.0 + 0.4
    return node


def row(name: str, size: int) -> Callable[[], Any]:
    """Return the job of one operation at one size: its value, and backward."""
    if name in SEQUENCES:
        values = [Value(math.sin(place)) for place in range(size)]
        return lambda: SEQUENCES[name](values).backward()
    return lambda: chain_of(name, size).backward()


# Readers ------------------------------------------------------------------------------------------


def chain(size: int) -> tuple[Value, Value]:
    """Return a chain of so many nodes and the leaf that it began with."""
    w = Value(0.999, label="w")
    node = w
    for _ in range(size // 2):
        node = node * w + 0.001
    node.label = "loss"
    return node, w


def along(size: int) -> Callable[[Any], Any]:
    """Return the function whose graph is such a chain."""

    def f(x: Any) -> Any:
        node = x
        for _ in range(size // 2):
            node = node * x + 0.001
        return node

    return f


def reader(name: str, size: int) -> Callable[[], Any]:
    """Return the job of one reader at one size; the graph is built before."""
    if name in ("check_gradients", "cost", "compile", "hessian"):
        return of_function(name, size)
    loss, w = chain(size)
    loss.backward()
    return {
        "backward": loss.backward,
        "draw": lambda: autograd.draw(loss).source,
        "draw, rendered": lambda: autograd.draw(loss).pipe("svg"),
        "steps": lambda: autograd.steps(loss),
        "steps, in words": lambda: str(autograd.steps(loss)),
        "steps, played": lambda: autograd.steps(loss)._repr_mimebundle_(),
        "paths": lambda: str(autograd.paths(loss, w)),
        "explain": lambda: str(autograd.explain(loss)),
        "what_if": lambda: str(autograd.what_if(loss, w, 1e-6)),
        "diagnose": lambda: diagnosed(loss, w),
        "pickle": lambda: pickled(loss),
    }[name]


READERS = (
    "backward", "draw", "draw, rendered", "steps", "steps, in words", "steps, played", "paths",
    "explain", "what_if", "diagnose", "pickle", "check_gradients", "cost", "compile", "hessian",
)  # fmt: skip


def of_function(name: str, size: int) -> Callable[[], Any]:
    """Return the job of a reader that takes a function, not its graph."""
    from autograd.classroom import cost

    f = along(size)
    return {
        "check_gradients": lambda: autograd.check_gradients(f, 0.9),
        "cost": lambda: cost(f, 0.9),
        "compile": lambda: autograd.compile(f).value_and_grad([0.9, 0.8], inputs=True),
        "hessian": lambda: autograd.hessian(f)(0.9),
    }[name]


def diagnosed(loss: Value, w: Value) -> str:
    """Return what diagnosis makes of a gradient that is twice too large."""
    from autograd.classroom import diagnose

    return str(diagnose(loss, {w: 2.0 * w.grad + 1.0}))


def pickled(loss: Value) -> Value:
    """Return the graph after a way through a file."""
    import pickle

    found: Value = pickle.loads(pickle.dumps(loss))
    return found


# One process for each curve -----------------------------------------------------------------------


def work(kind: str, name: str) -> None:
    """Print a line of JSON for each size: what was asked, and how long it took or why not."""
    for size in SIZES:
        job = (row if kind == "row" else reader)(name, size)
        print(json.dumps({"begin": size}), flush=True)
        start = time.process_time()
        try:
            job()
        except (ValueError, TypeError, OverflowError, RuntimeError) as error:
            took = time.process_time() - start
            print(json.dumps({"size": size, "seconds": took, "refused": str(error)}), flush=True)
        else:
            took = time.process_time() - start
            print(json.dumps({"size": size, "seconds": took}), flush=True)


def lines(kind: str, name: str) -> Iterator[dict[str, Any]]:
    """Yield what a process of its own finds, until it ends or patience does."""
    command = [sys.executable, "-m", "benchmarks.costs", "--work", kind, name]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        alarm = {"size": 0}
        previous = signal.signal(signal.SIGALRM, lambda *_: process.kill())
        try:
            for line in process.stdout:
                found = json.loads(line)
                signal.setitimer(signal.ITIMER_REAL, PATIENCE)
                if "begin" in found:
                    alarm["size"] = found["begin"]
                    continue
                alarm["size"] = 0
                yield found
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, previous)
            process.kill()
        if alarm["size"]:
            yield {"size": alarm["size"], "stopped": True}


def heard(name: str, size: int) -> float | None:
    """Return how many seconds a reader takes to end after Ctrl-C; None if it was done before."""
    # A shell that starts this in the background has SIGINT ignored: the handler is set anew.
    code = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        f"from benchmarks.costs import reader; job = reader({name!r}, {size})\n"
        "print('ready', flush=True); job()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.3)
        if process.poll() is not None:
            return None
        start = time.perf_counter()
        process.send_signal(signal.SIGINT)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            return math.inf
        return time.perf_counter() - start


def exponent(found: list[dict[str, Any]]) -> float | None:
    """Return the slope of the curve on logarithmic axes, 1.0 for a straight line from 0.

    It is taken from the largest size that was done and that a hundred times smaller; None where
    there is no such pair.
    """
    done = {each["size"]: each["seconds"] for each in found if set(each) == {"size", "seconds"}}
    if not done:
        return None
    top = max(done)
    if top // 100 not in done or top < 100 * SETTLED:
        return None
    return math.log10(done[top] / done[top // 100]) / 2.0


def told(kind: str, name: str) -> str:
    """Return the row of the table for one curve."""
    found = list(lines(kind, name))
    cells = []
    for each in found:
        text = "stopped" if "stopped" in each else readable(each["seconds"])
        cells.append(f"({text})" if "refused" in each else text)
    slope = exponent(found)
    ending = "" if slope is None else f"{slope:.2f}"
    ctrl_c = ""
    if kind == "reader":
        wait = heard(name, SIZES[-1])
        ctrl_c = "done" if wait is None else "not heard" if wait == math.inf else readable(wait)
    text = f"{name:26}" + "".join(f"{cell:>11}" for cell in cells)
    text = f"{text:<{26 + 11 * len(SIZES)}}{ending:>7}{ctrl_c:>11}"
    reasons = {each["refused"].splitlines()[0] for each in found if "refused" in each}
    return "\n".join([text, *(f"    refuses: {reason}" for reason in sorted(reasons))])


def table(kind: str, names: list[str]) -> None:
    """Print the curves of one kind."""
    title = "operation" if kind == "row" else "reader"
    ctrl_c = "Ctrl-C" if kind == "reader" else ""
    print(f"\n{title:26}" + "".join(f"{size:>11,}" for size in SIZES) + f"{'slope':>7}{ctrl_c:>11}")
    for name in names:
        print(told(kind, name), flush=True)


def main(arguments: list[str]) -> None:
    """Print the tables that were asked for."""
    if arguments[:1] == ["--work"]:
        work(*arguments[1:])
        return
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores; times in parentheses: refused")
    chosen = [name for name in READERS if name in arguments]
    if not arguments or "rows" in arguments:
        table("row", [*SEQUENCES, *(name for name in OPS if name not in MANY)])
    if not arguments or "readers" in arguments or chosen:
        table("reader", chosen or list(READERS))


if __name__ == "__main__":
    main(sys.argv[1:])
