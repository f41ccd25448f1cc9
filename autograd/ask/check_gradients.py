"""Gradients checked by witnesses that do not share their faults, and the rule at fault named.

Every partial derivative of a function is found three times: by the reverse sweep, by forward mode
and by evaluating the function (``slopes.py``). The first two read the same table of rules, so a
wrong rule makes them agree on a wrong number; the third reads no rule. To tell *which* rule is
wrong, each node of the recorded graph is also measured by itself, at its very operands.

What evaluating can tell has a limit, which is stated with every number: an error below the
``resolution`` goes unseen, and is never called equal.
"""

from __future__ import annotations

import functools
import inspect
import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from autograd.ask.finite_differences import Slope, evaluated, measure
from autograd.ask.report import DIFFERS, KINK, UNSEEN, Report, Row, Rule, verdict
from autograd.backward import adjoints
from autograd.formulas.row import Op
from autograd.forward import tangents
from autograd.functional import constant, grad, leaves, one_deeper, rebuilt
from autograd.graph import between, numbers, plain_number, topological_order
from autograd.machinery.modes import no_grad
from autograd.value import Value
from autograd.words.formula_printer import formula

EPSILON = math.ulp(1.0)
ROUNDING = 8.0 * EPSILON  # how far a right rule may be off, relative to its partial


def check_gradients(f: Callable[..., Any], *points: Any, order: int = 1) -> Report:
    """Return the report on the derivatives of ``f`` at each of the points.

    A point is the argument of ``f``, or the tuple of its arguments, as for ``jvp``; an argument is
    a number, or nested lists, tuples and dicts of numbers. ``f`` returns one number, the same one
    whenever it is called with the same arguments. With ``order=2`` all second derivatives are
    checked too: the sweep over the gradient, forward mode over the gradient, and the measured slope
    of the gradient.

    At a kink, such as that of relu at 0, every number between the slopes to the two sides is a
    right derivative (Clarke, "Optimization and nonsmooth analysis", 1983, section 2.1).

    Raises TypeError if ``f`` does not return a number; ValueError if it is not finite at a point,
    or not the same twice; and the engine's own error where the derivative does not exist.

    >>> report = check_gradients(lambda x, y: x * y.sin(), (2.0, 0.5))
    >>> report.ok, [row.name for row in report.rows], [rule.op for rule in report.rules]
    (True, ['x', 'y'], ['sin', '*', '*'])
    >>> print(report.rows[0].slope, report.rows[0].resolution < 1e-12)
    0.479425539 True
    """
    if order not in (1, 2):
        raise ValueError(f"gradients are checked to order 1 or 2, not {order!r}.")
    if not points:
        raise ValueError("check_gradients needs at least one point: check_gradients(f, 2.0).")
    rows: list[Row] = []
    rules: dict[Any, Rule] = {}
    visited: set[Any] = set()
    for point in points:
        args = point if isinstance(point, tuple) else (point,)
        start = [plain_number(leaf) for leaf in leaves(args)]
        names = named(f, args)
        if not start or not all(map(math.isfinite, start)):
            raise ValueError(f"a point needs finite numbers, at least one, and this is {point!r}.")

        def flat(*numbers: Any, args: Any = args) -> Any:
            return f(*rebuilt(args, iter(numbers)))

        Examination(flat, f, start, names, rows, rules, visited).run(order)
    return Report(rows, list(rules.values()))


def assert_gradients(f: Callable[..., Any], *points: Any, order: int = 1) -> None:
    """Raise AssertionError with the report of ``check_gradients`` unless it is ok.

    >>> assert_gradients(lambda x: x.tanh() ** 2, 0.3, -1.5, order=2)
    """
    report = check_gradients(f, *points, order=order)
    if not report:
        raise AssertionError(f"wrong gradients\n{report}")


def named(f: Callable[..., Any], args: tuple[Any, ...]) -> list[str]:
    """Return a name for each number in the arguments, such as ``p['w'][0]``."""
    try:
        parameters = [*inspect.signature(f).parameters.values()]
    except (TypeError, ValueError):
        parameters = []
    simple = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    simple += [f"x{place}" if len(args) > 1 else "x" for place in range(len(simple), len(args))]

    def inside(structure: Any, name: str) -> list[str]:
        if isinstance(structure, dict):
            parts = structure.items()
        elif isinstance(structure, (list, tuple)):
            parts = dict(enumerate(structure)).items()
        else:
            return [name]
        return [leaf for key, part in parts for leaf in inside(part, f"{name}[{key!r}]")]

    return [leaf for name, arg in zip(simple, args, strict=False) for leaf in inside(arg, name)]


class Examination:
    """One function of plain numbers, ``flat``, at one point; it adds to ``rows`` and ``rules``.

    ``known`` are the rules measured so far, by their operation and operands, and ``visited`` those
    partials that were differentiated: equal nodes are measured once.
    """

    def __init__(
        self,
        flat: Callable[..., Any],
        f: Callable[..., Any],
        start: list[float],
        names: list[str],
        rows: list[Row],
        known: dict[Any, Rule],
        visited: set[Any],
    ) -> None:
        self.flat = flat
        self.f = f
        self.start = start
        self.names = names
        self.rows = rows
        self.known = known
        self.visited = visited
        self.point = ", ".join(f"{number:.6g}" for number in start[:3])
        self.point += ", ..." if len(start) > 3 else ""

    def run(self, order: int) -> None:
        """Check the gradient, and at order 2 the gradient of each of its components."""
        with one_deeper():
            nodes = [
                Value(number, label=name)
                for number, name in zip(self.start, self.names, strict=True)
            ]
            root = self.flat(*nodes)
            root = root if isinstance(root, Value) else Value(constant(self.f, root))
            self.deterministic(root.data)
            recorded = between(topological_order(root, stop=set(nodes)), nodes)
            slopes = {node: self.measured(node) for node in recorded if node.args}
            if order == 2:
                self.second_order_rules([*slopes])
            self.derivatives(root, nodes, recorded, slopes)
            kinked = any(slope.kink for found in slopes.values() for slope in found.values())
        if order == 2:
            self.second_derivatives(kinked)

    def deterministic(self, result: float) -> None:
        """Raise ValueError unless the function gives this finite result again."""
        again = self.number(*self.start)
        if not math.isfinite(result):
            raise ValueError(f"the function is {result!r} at {self.point}: not a finite number.")
        if again != result:
            raise ValueError(
                f"the function gives {result!r} at {self.point}, and {again!r} the next time. "
                "If it draws random numbers, give it a random.Random with a seed, made anew in "
                "each call."
            )

    def number(self, *numbers: float) -> float:
        """Return the function's result, without recording."""
        with no_grad():
            result = self.flat(*map(Value, numbers))
        return result.data if isinstance(result, Value) else constant(self.f, result)

    # The rules ------------------------------------------------------------------------------------

    def measured(self, node: Value) -> dict[Any, Slope]:
        """Return the measured slope of a node by each argument, and check its rule by them."""
        assert node.op is not None
        operands = tuple(numbers(node.args))
        found: dict[Any, Slope] = {}
        for position, argument in enumerate(node.args):
            if type(argument) is float:
                continue  # the partial of a constant must never run
            key = (node.op, repr(operands), position, 1)
            if key not in self.known:
                slope = slope_of(node.op.on_numbers, node.op.every is not None, operands, position)
                try:
                    claimed = float(node.op.partial(position, node.data, operands))
                except (ArithmeticError, ValueError):
                    claimed = math.nan
                known = slope.known or not math.isnan(claimed)
                self.known[key] = Rule(
                    node.op.name, formula(node), operands, position, claimed, slope,
                    # A rule may be undefined where the function is vertical, as at sqrt(0).
                    verdict([claimed], slope, ROUNDING * abs(claimed)) if known else UNSEEN,
                )  # fmt: skip
            found[position] = self.known[key].slope
        return found

    def second_order_rules(self, nodes: list[Value]) -> None:
        """Check that each partial, read with Values, is differentiated rightly as well."""
        for node in nodes:
            op, operands = node.op, tuple(numbers(node.args))
            assert op is not None
            places = [at for at, argument in enumerate(node.args) if type(argument) is not float]
            for position in places:
                key = (op, repr(operands), position)
                if key in self.visited or self.known[(*key, 1)].verdict in (KINK, UNSEEN):
                    continue
                self.visited.add(key)

                def partial(
                    *values: Any, op: Op = op, position: int = position,
                    places: list[int] = places, operands: tuple[float, ...] = operands,
                ) -> Any:  # fmt: skip
                    given = dict(zip(places, values, strict=True))
                    mixed = tuple(given.get(at, number) for at, number in enumerate(operands))
                    return op.partial(position, Value.apply_op(op, mixed), mixed)

                rows: list[Row] = []
                start = [operands[place] for place in places]
                labels = [f"argument {place}" for place in places]
                try:
                    Examination(partial, self.f, start, labels, rows, self.known, self.visited).run(
                        1
                    )
                except (ArithmeticError, ValueError):
                    continue  # no second derivative here: the sweep over the gradient says so
                wrong = any(rule.verdict == DIFFERS for rule in self.known.values())
                for row, place in zip(rows, places, strict=True):
                    if wrong and row.verdict == DIFFERS:
                        continue  # a rule that the partial is written with is wrong, not this one
                    self.known[(*key, 2, place)] = Rule(
                        op.name, formula(node), operands, place, row.reverse, row.slope,
                        row.verdict, order=2,
                    )  # fmt: skip

    # The function ---------------------------------------------------------------------------------

    def derivatives(
        self,
        root: Value,
        nodes: list[Value],
        recorded: dict[Any, None],
        slopes: dict[Value, dict[Any, Slope]],
    ) -> None:
        """Add a row for each input: the sweep's derivative, forward mode's and the measured one."""
        weights, freedom = sensitivities(root, recorded, slopes)
        noise = sum(2.0 * math.ulp(node.data) * weights[node] for node in slopes)
        reach = max(map(abs, self.start))
        reverse = dict.fromkeys(nodes, math.nan)
        forward = dict.fromkeys(nodes, math.nan)
        try:
            found = adjoints(root, nodes)
            for node in nodes:
                reverse[node] = float(found.get(node, 0.0))
                forward[node] = float(tangents([root], {node: 1.0}).get(root, 0.0))
        except (ArithmeticError, ValueError):
            if not any(rule.verdict == DIFFERS for rule in self.known.values()):
                raise  # the rules are right: there is no derivative at this point
        for place, (node, name) in enumerate(zip(nodes, self.names, strict=True)):
            slope = measure(
                lambda x, place=place: self.number(  # type: ignore[misc]
                    *self.start[:place], x, *self.start[place + 1 :]
                ),
                self.start[place],
                reach=reach,
                noise=noise,
            )
            claims = [reverse[node], forward[node]]
            tolerance = ROUNDING * (len(recorded) + 1) * weights.get(node, 0.0)
            says = verdict(claims, slope, tolerance)
            play = freedom.get(node, 0.0)
            if says == DIFFERS and play and verdict(claims, slope, tolerance + play) != DIFFERS:
                # relu(x) - relu(-x) is smooth, but the chain rule goes over two kinks.
                says = KINK if abs(claims[0] - claims[1]) <= tolerance else DIFFERS
            self.rows.append(
                Row(self.point, name, claims[0], claims[1], slope, slope.error + tolerance, says)
            )

    def second_derivatives(self, kinked: bool) -> None:
        """Check the gradient of each component of the gradient."""
        size = len(self.start)
        for place, name in enumerate(self.names):

            def component(*values: Any, place: int = place) -> Any:
                return grad(self.flat, range(size))(*values)[place]

            rows: list[Row] = []
            names = [f"{name}, {other}" for other in self.names]
            Examination(component, self.f, self.start, names, rows, self.known, self.visited).run(1)
            self.rows += [
                # The gradient jumps at a kink: it has no slope there.
                replace(row, verdict=KINK)
                if kinked and row.verdict == DIFFERS and not row.slope.known
                else row
                for row in rows
            ]


@functools.lru_cache(maxsize=4096)
def slope_of(
    evaluate: Callable[..., float], many: bool, operands: tuple[float, ...], position: int
) -> Slope:
    """Return the measured slope of an operation by the argument at ``position``.

    No rule has a part in it, so that what was measured once holds, whatever the rules become.
    """

    def along(x: float, place: int = position) -> float:
        return evaluate(*operands[:place], x, *operands[place + 1 :])

    noise = 0.0
    if many:
        # Terms may cancel among many arguments: logsumexp is as exact as its largest one.
        result = evaluate(*operands)
        for place, operand in enumerate(operands):
            by_a_digit = operand * (1.0 + EPSILON)  # a 0 that chooses stays 0
            nudged = evaluated(functools.partial(along, place=place), by_a_digit)
            noise += abs(nudged - result) if math.isfinite(nudged) else 0.0
    return measure(along, operands[position], reach=max(map(abs, operands)), noise=noise)


def sensitivities(
    root: Value, recorded: dict[Any, None], slopes: dict[Value, dict[Any, Slope]]
) -> tuple[dict[Any, float], dict[Any, float]]:
    """Return how much a change of each node can change the root, going by what was measured.

    It is the chain rule with absolute values, which bounds the effect of rounding errors: Higham,
    "Accuracy and stability of numerical algorithms", 2nd edition, 2002, section 3.3. The second
    result bounds how far the choices that are free at kinks can move the derivative by each node.
    """
    weights, freedom = dict.fromkeys(recorded, 0.0), dict.fromkeys(recorded, 0.0)
    weights[root] = 1.0
    for node in reversed(recorded):
        for position, slope in slopes.get(node, {}).items():
            argument = node.args[position]
            size = max(abs(slope.low), abs(slope.high))
            if argument in weights and math.isfinite(size):
                weights[argument] += weights[node] * size
                freedom[argument] += freedom.get(node, 0.0) * size
                freedom[argument] += weights[node] * (slope.high - slope.low)
    return weights, freedom
