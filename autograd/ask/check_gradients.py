"""Gradients checked by witnesses that do not share their faults, and the rule at fault named.

Every partial derivative of a function is found three times: by the reverse sweep, by forward mode
and by evaluating the function (``finite_differences.py``). The first two read the same table, so a
wrong rule makes them agree on a wrong number; the third reads no rule. To tell *which* rule is
wrong, each node of the recorded graph is also measured by itself, at its very operands.

What evaluating can tell has a limit, which is stated with every number: an error below the
``resolution`` goes unseen, and is never called equal.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from autograd.ask.finite_differences import EPSILON, Slope, measure, slope_of
from autograd.ask.report import DIFFERS, KINK, UNSEEN, Report, Row, Rule, verdict
from autograd.backward import adjoints
from autograd.formulas.row import Op
from autograd.forward import tangents
from autograd.functional import grad, is_arguments, one_number, recording
from autograd.graph import between, numbers, plain_number, topological_order
from autograd.machinery.modes import no_grad
from autograd.machinery.structures import leaves, located, rebuilt
from autograd.value import Value
from autograd.words.formula_printer import formula

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
    findings = Findings()
    for point in points:
        args = point if is_arguments(point) else (point,)
        start = [plain_number(leaf) for leaf in leaves(args)]
        names = argument_names(f, args)
        if not start or not all(map(math.isfinite, start)):
            raise ValueError(f"a point needs finite numbers, at least one, and this is {point!r}.")

        def flat(*numbers: Any, args: Any = args) -> Any:
            return f(*rebuilt(args, iter(numbers)))

        Examination(Subject(flat, f, start, names), findings).run(order)
    return Report(findings.rows, list(findings.rules.values()))


def assert_gradients(f: Callable[..., Any], *points: Any, order: int = 1) -> None:
    """Raise AssertionError with the report of ``check_gradients`` unless it is ok.

    >>> assert_gradients(lambda x: x.tanh() ** 2, 0.3, -1.5, order=2)
    """
    report = check_gradients(f, *points, order=order)
    if not report:
        raise AssertionError(f"wrong gradients\n{report}")


def argument_names(f: Callable[..., Any], args: tuple[Any, ...]) -> list[str]:
    """Return a name for each number in the arguments, such as ``p['w'][0]``."""
    try:
        parameters = [*inspect.signature(f).parameters.values()]
    except (TypeError, ValueError):
        parameters = []
    simple = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    simple += [f"x{place}" if len(args) > 1 else "x" for place in range(len(simple), len(args))]

    return [
        name + place for name, arg in zip(simple, args, strict=False) for place, _ in located(arg)
    ]


@dataclass(frozen=True)
class Subject:
    """What is examined: ``flat``, a function of plain numbers, at the numbers of ``start``.

    ``f`` is the function of the user that it stands for, and ``names`` what its numbers are called.
    """

    flat: Callable[..., Any]
    f: Callable[..., Any]
    start: list[float]
    names: list[str]

    @property
    def point(self) -> str:
        """The first numbers, as a report shows them."""
        some = ", ".join(f"{number:.6g}" for number in self.start[:3])
        return f"{some}, ..." if len(self.start) > 3 else some

    def number(self, *numbers: float) -> float:
        """Return the function's result, without recording."""
        with no_grad():
            result = self.flat(*map(Value, numbers))
        return result.data if isinstance(result, Value) else float(one_number(self.f, result))

    def check_deterministic(self, result: float) -> None:
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


@dataclass
class Findings:
    """What was found so far.

    ``rows`` are the derivatives; ``rules`` the partials of nodes, by operation, operands and
    position, so that equal nodes are measured once; ``visited`` those that were differentiated too.
    """

    rows: list[Row] = field(default_factory=list)
    rules: dict[Any, Rule] = field(default_factory=dict)
    visited: set[Any] = field(default_factory=set)

    def aside(self) -> Findings:
        """Return findings with rows of their own, for an examination inside this one."""
        return Findings([], self.rules, self.visited)

    @property
    def wrong_rule(self) -> bool:
        """Whether one of the rules differs from what was measured."""
        return any(rule.verdict == DIFFERS for rule in self.rules.values())


@dataclass(frozen=True)
class Examination:
    """One subject under examination; what comes out is added to the findings."""

    subject: Subject
    findings: Findings

    def run(self, order: int) -> None:
        """Check the gradient, and at order 2 the gradient of each of its components."""
        subject = self.subject
        with recording():
            nodes = [
                Value(number, label=name)
                for number, name in zip(subject.start, subject.names, strict=True)
            ]
            root = subject.flat(*nodes)
            root = root if isinstance(root, Value) else Value(one_number(subject.f, root))
            subject.check_deterministic(root.data)
            recorded = between(topological_order(root, stop=set(nodes)), nodes)
            check_effort(subject, recorded, order)
            slopes = {node: self.measured(node) for node in recorded if node.args}
            if order == 2:
                self.second_order_rules([*slopes])
            self.derivatives(root, nodes, recorded, slopes)
            kinked = any(slope.kink for found in slopes.values() for slope in found.values())
        if order == 2:
            self.second_derivatives(kinked)

    # The rules ------------------------------------------------------------------------------------

    def measured(self, node: Value) -> dict[Any, Slope]:
        """Return the measured slope of a node by each argument, and check its rule by them."""
        op, rules = node.op, self.findings.rules
        assert op is not None
        operands = tuple(numbers(node.args))
        places = [at for at, argument in enumerate(node.args) if type(argument) is not float]
        keys = {position: (op, repr(operands), position, 1) for position in places}
        unknown = [position for position in places if keys[position] not in rules]
        claims = claimed_partials(op, node.data, operands, unknown)
        for position in unknown:
            slope = slope_of(op.on_numbers, op.every is not None, operands, position)
            claimed = claims[position]
            # A rule may be undefined where the function is vertical, as at sqrt(0).
            seen = slope.known or not math.isnan(claimed)
            says = verdict([claimed], slope, ROUNDING * abs(claimed)) if seen else UNSEEN
            rules[keys[position]] = Rule(
                op.name, formula(node), operands, position, claimed, slope, says
            )
        return {position: rules[key].slope for position, key in keys.items()}

    def second_order_rules(self, nodes: list[Value]) -> None:
        """Check that each partial, read with Values, is differentiated rightly as well."""
        for node in nodes:
            op, operands = node.op, tuple(numbers(node.args))
            assert op is not None
            places = [at for at, argument in enumerate(node.args) if type(argument) is not float]
            for position in places:
                key = (op, repr(operands), position)
                first = self.findings.rules[(*key, 1)]
                if key in self.findings.visited or first.verdict in (KINK, UNSEEN):
                    continue
                self.findings.visited.add(key)

                def partial(
                    *values: Any, op: Op = op, position: int = position,
                    places: list[int] = places, operands: tuple[float, ...] = operands,
                ) -> Any:  # fmt: skip
                    given = dict(zip(places, values, strict=True))
                    mixed = tuple(given.get(at, number) for at, number in enumerate(operands))
                    return op.partial(position, Value.apply_op(op, mixed), mixed)

                start = [operands[place] for place in places]
                labels = [f"argument {place}" for place in places]
                inner = self.findings.aside()
                try:
                    Examination(Subject(partial, self.subject.f, start, labels), inner).run(1)
                except (ArithmeticError, ValueError):
                    continue  # no second derivative here: the sweep over the gradient says so
                wrong = inner.wrong_rule
                for row, place in zip(inner.rows, places, strict=True):
                    if wrong and row.verdict == DIFFERS:
                        continue  # a rule that the partial is written with is wrong, not this one
                    self.findings.rules[(*key, 2, place)] = Rule(
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
        start = self.subject.start
        weights, freedom = sensitivities(root, recorded, slopes)
        noise = sum(2.0 * math.ulp(node.data) * weights[node] for node in slopes)
        reach = max(map(abs, start))
        claims = self.claims(root, nodes)
        for place, (node, name) in enumerate(zip(nodes, self.subject.names, strict=True)):

            def along(x: float, place: int = place) -> float:
                return self.subject.number(*start[:place], x, *start[place + 1 :])

            slope = measure(along, start[place], reach=reach, noise=noise)
            reverse, forward = claims[place]
            tolerance = ROUNDING * (len(recorded) + 1) * weights.get(node, 0.0)
            says = verdict(claims[place], slope, tolerance)
            play = freedom.get(node, 0.0)
            if says == DIFFERS and play and verdict(claims[place], slope, tolerance + play) != says:
                # relu(x) - relu(-x) is smooth, but the chain rule goes over two kinks.
                says = KINK if abs(reverse - forward) <= tolerance else DIFFERS
            resolution = slope.error + tolerance
            self.findings.rows.append(
                Row(self.subject.point, name, reverse, forward, slope, resolution, says)
            )

    def claims(self, root: Value, nodes: list[Value]) -> list[tuple[float, float]]:
        """Return the derivative by each node as the reverse sweep and as forward mode have it."""
        try:
            found = adjoints(root, nodes)
            return [
                (float(found.get(node, 0.0)), float(tangents([root], {node: 1.0}).get(root, 0.0)))
                for node in nodes
            ]
        except (ArithmeticError, ValueError):
            if not self.findings.wrong_rule:
                raise  # the rules are right: there is no derivative at this point
            return [(math.nan, math.nan) for _ in nodes]

    def second_derivatives(self, kinked: bool) -> None:
        """Check the gradient of each component of the gradient."""
        subject = self.subject
        every = range(len(subject.start))
        for place, name in enumerate(subject.names):

            def component(*values: Any, place: int = place) -> Any:
                return grad(subject.flat, every)(*values)[place]

            names = [f"{name}, {other}" for other in subject.names]
            inner = self.findings.aside()
            Examination(Subject(component, subject.f, subject.start, names), inner).run(1)
            self.findings.rows += [
                # The gradient jumps at a kink: it has no slope there.
                replace(row, verdict=KINK)
                if kinked and row.verdict == DIFFERS and not row.slope.known
                else row
                for row in inner.rows
            ]


MOST_EFFORT = 50_000  # some ten seconds: each of them is measured by some 100 evaluations


def check_effort(subject: Subject, recorded: Iterable[Any], order: int) -> None:
    """Raise ValueError at once where measuring would take much longer than ten seconds.

    For each number the whole graph is evaluated, and for each argument of a node the node.
    """
    sizes = [len(node.args) for node in recorded]
    times = len(subject.start) ** order
    if sum(size * max(size, times) for size in sizes) > MOST_EFFORT:
        raise ValueError(
            f"to measure {len(subject.start):,} derivatives over a graph of {sum(sizes):,} "
            f"operands would take too long at order {order}. Check a smaller example of the "
            "same function, or a few of the numbers with the others held fixed: "
            "check_gradients(lambda x: f([x, *rest]), first)."
        )


def claimed_partials(
    op: Op, y: float, operands: tuple[float, ...], positions: Collection[int]
) -> dict[int, float]:
    """Return what a rule says of the partials at these positions; NaN where it is undefined."""
    needed = [position in positions for position in range(len(operands))]
    if not any(needed):
        return {}
    try:
        partials = op.partials(y, operands, needed)
        return {position: float(partials[position]) for position in positions}
    except (ArithmeticError, ValueError):
        if len(positions) == 1:
            return dict.fromkeys(positions, math.nan)
        alone = (claimed_partials(op, y, operands, [position]) for position in positions)
        return {position: claim for found in alone for position, claim in found.items()}


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
