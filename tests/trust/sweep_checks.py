"""What the sweep promises, each as a small program: one failing assertion is enough.

These are quick checks for ``planted_faults.py``, on any copy of the engine; ``tests/autograd`` has
the same promises one by one, with their reasons.
"""

import math


def raises(kind, function):
    return message(kind, function) is not None


def message(kind, function):
    """What the error says that the function raises; None if it raises none of this kind."""
    try:
        function()
    except kind as error:
        return str(error)
    return None


def leaves_accumulate_and_inner_nodes_do_not(p):
    x = p.Value(3.0)
    y = x * x
    z = y * y
    z.backward()
    z.backward()
    assert (x.grad, y.grad, z.grad) == (216.0, 18.0, 1.0)
    z.backward(0.5)
    assert (x.grad, y.grad, z.grad) == (270.0, 9.0, 0.5)


def every_use_counts(p):
    x, w = p.Value(3.0), p.Value(0.5)
    (x + x).backward()
    (x * x).backward()
    (x - x).backward()
    p.fsum([x, x, w, 2.0]).backward()
    assert (x.grad, w.grad) == (2.0 + 6.0 + 0.0 + 2.0, 1.0)
    p.maximum(x, 1.0, w).backward(10.0)
    assert (x.grad, w.grad) == (20.0, 1.0)
    root = x * w + 2.0 / x + x**2 + 2.0**w
    x.grad = w.grad = 0.0
    root.backward()
    assert abs(x.grad - (0.5 - 2.0 / 9.0 + 6.0)) < 1e-14
    assert abs(w.grad - (3.0 + math.sqrt(2.0) * math.log(2.0))) < 1e-14


def a_leaf_can_be_its_own_root(p):
    x = p.Value(3.0)
    x.backward()
    x.backward(2.0)
    assert x.grad == 3.0


def an_error_changes_nothing(p):
    x, w = p.Value(0.0), p.Value(2.0)
    x.grad, w.grad = 7.0, 5.0
    root = w * x.sqrt()
    root.grad = 11.0
    assert raises(ZeroDivisionError, root.backward)
    assert (x.grad, w.grad, root.grad) == (7.0, 5.0, 11.0)


def data_that_is_not_finite_may_pass(p):
    x, y = p.Value(math.inf), p.Value(2.0)
    (x * y).backward()
    assert (x.grad, y.grad) == (2.0, math.inf)
    z = p.Value(2.0)
    (z * 3.0).backward(math.inf)
    assert z.grad == math.inf
    assert p.grad(lambda x: x * x)(math.inf) == math.inf


def an_overflow_on_the_way_down_is_an_error(p):
    x = p.Value(1e-200)
    x.grad = 3.0
    steep = x * 1e200 * 1e200  # a finite number, with the slope 1e400
    assert raises(OverflowError, steep.backward)
    assert (x.grad, steep.grad) == (3.0, 0.0)
    assert raises(OverflowError, lambda: p.grad(lambda x: x * 1e200 * 1e200)(1e-200))
    with p.ieee():
        steep.backward()
    assert x.grad == math.inf
    y = p.Value(1e-10)  # each of the two slopes is a number, but their sum is not
    assert raises(OverflowError, p.fsum([y * 1.5e308, y * 1.5e308]).backward)
    below = p.Value(math.nextafter(-1.0, -2.0))
    with p.ieee():
        below.log1p().backward()
    assert math.isnan(below.grad)
    first = p.Value(1e-320)
    assert raises(ArithmeticError, first.log().backward)
    with p.ieee():
        first.log().backward()
    assert first.grad == math.inf


def written_leaves_make_old_graphs_stale(p):
    for build in (
        lambda a, b: a.tanh(), lambda a, b: a * b, lambda a, b: b * a, lambda a, b: 2.0 * a,
        lambda a, b: p.fsum([b, a, b]) * p.maximum(b, a, b), lambda a, b: p.logsumexp([b, a, b]),
    ):  # fmt: skip
        a, b = p.Value(2.0), p.Value(3.0)
        root = build(a, b)
        root.backward()
        before = a.grad, b.grad
        a.data = 2.0
        assert build(a, b).data == root.data
        if root.op.every.__class__ is float:
            continue
        a.label = "the leaf"
        told = message(p.StaleGraphError, root.backward)
        assert told.startswith("the leaf")
        assert (a.grad, b.grad) == before
        build(a, b).backward()


def the_functional_sweep_touches_no_grad(p):
    x, w = p.Value(2.0), p.Value(5.0)
    x.grad, w.grad = 7.0, 3.0
    slope = p.grad(lambda v: v * v * w)(x)
    assert slope.data == 20.0
    assert (x.grad, w.grad) == (7.0, 3.0)
    slope.backward()
    assert (x.grad, w.grad) == (7.0 + 10.0, 3.0 + 4.0)
    found = p.grad(lambda v: p.fsum([v, w]) * p.maximum(v, w, w))(3.0)
    assert found.data == 5.0  # a node, since w is a part of the function
    assert w.grad == 7.0
    kept = []
    assert p.grad(lambda v: kept.append(v * v) or kept[0])(3.0) == 6.0
    assert kept[0].grad == 0.0
    assert p.grad(lambda a, b: a * 3.0, 1)(1.0, 2.0) == 0.0
    assert p.grad(lambda a, b: p.fsum([a, b, b]) * a, (0, 1))(2.0, 3.0) == (10.0, 4.0)
    assert p.grad(lambda a: a)(2.0) == 1.0
    assert p.jacobian(lambda v: [v[0] * v[1], v[0], 1.0])([2.0, 5.0]) == [
        [5.0, 2.0], [1.0, 0.0], [0.0, 0.0],
    ]  # fmt: skip


def only_what_is_asked_for_is_computed(p):
    # By the exponent, the derivative of a power of a negative number would raise.
    assert p.grad(lambda x, n: x**n)(-2.0, 3.0) == 12.0
    x = p.Value(-2.0)
    (x**3).backward()
    assert x.grad == 12.0
    assert raises(ValueError, lambda: (p.Value(-2.0) ** p.Value(3.0)).backward())
    assert p.grad(lambda n, x: p.hypot(x, n))(0.0, 2.0) == 0.0
    assert p.grad(lambda p_, b: b**p_, 1)(3.0, -2.0) == 12.0


def higher_orders_are_right(p):
    cube = p.grad(p.grad(p.grad(lambda x: x**3 * 2.0)))
    assert cube(1.5) == 12.0
    assert p.grad(lambda x: x * p.grad(lambda y: x * y)(x))(3.0) == 6.0
    assert p.hessian(lambda v: v[0] ** 2 * v[1])([3.0, 5.0]) == [[10.0, 6.0], [6.0, 0.0]]
    assert p.hvp(lambda v: v[0] ** 2 * v[1], [3.0, 5.0], [1.0, 0.0]) == [10.0, 6.0]
    assert p.jvp(lambda x, y: x * y, (2.0, 5.0), (1.0, 10.0)) == (10.0, 25.0)
    # Where a rule chooses: at corners, at 0 ** 0, at the ends.
    assert p.grad(p.grad(abs))(0.0) == 0.0
    assert p.grad(p.grad(lambda x: x**0))(0.0) == 0.0
    assert p.derivative(lambda n: 0.0**n, 3)(2.0) == 0.0
    twice = p.grad(p.grad(lambda x, n: x**n, 1), 1)
    assert p.grad(twice)(0.0, 3.0) == 0.0
    assert raises(ValueError, lambda: p.grad(twice)(0.0, 1.0))
    assert raises(ValueError, lambda: p.grad(lambda n: (-0.5) ** n)(2000.0))
    assert p.grad(p.grad(p.gelu))(math.inf) == p.grad(p.grad(p.gelu))(-math.inf) == 0.0
    # b - 1 is rounded here; b * x**b / x is not.
    base, exponent = 1.0 + 2.0**-44, 2.0**53 + 2.0
    got, expected = p.grad(lambda x: x**exponent)(base), exponent * base**exponent / base
    assert abs(got - expected) <= 4 * math.ulp(expected)
    many = p.hessian(lambda v: p.fsum(v) * p.maximum(*v) + p.logsumexp(v))([0.0, 0.0, -800.0])
    assert abs(many[0][0] - 1.25) < 1e-15
    assert abs(many[0][1] - 0.75) < 1e-15
    assert many[2] == [0.5, 0.5, 0.0]


def local_partials_are_those_of_the_rule(p):
    from autograd.backward import local_partials
    from autograd.graph import numbers

    a, b = p.Value(2.0), p.Value(-3.0)
    assert local_partials(a * b) == [-3.0, 2.0]
    assert local_partials(a * 7.0) == [7.0, None]
    assert local_partials(7.0 - a) == [None, -1.0]
    assert local_partials(a) == []
    assert local_partials(p.maximum(a, 1.0, b)) == [1.0, None, 0.0]
    assert numbers((a, 1.0)) == [2.0, 1.0]
    node = a * b
    node.grad = 10.0
    node._backward()
    assert (a.grad, b.grad) == (-30.0, 20.0)
    b.data = 1.0
    b.label = "the leaf"
    assert message(p.StaleGraphError, lambda: local_partials(node)).startswith("the leaf")
    assert raises(ZeroDivisionError, lambda: local_partials(p.Value(0.0).sqrt()))


def rows_know_their_partials(p):
    from autograd.rules import OPS

    assert OPS["*"].partial(0, 6.0, (2.0, 3.0)) == 3.0
    assert OPS["*"].partial(1, 6.0, (2.0, 3.0)) == 2.0
    assert OPS["+"].partial(1, 5.0, (2.0, 3.0)) == 1.0
    assert OPS["sum"].partial(2, 6.0, (1.0, 2.0, 3.0)) == 1.0
    assert OPS["maximum"].partial(1, 2.0, (1.0, 2.0)) == 1.0
    for name in ("where", "softmax", "log_softmax", "softmax_rest"):  # the choice has no slope
        assert OPS[name].partial(0, 0.5, (1.0, 0.0, 0.0)) == 0.0
    assert raises(AssertionError, lambda: OPS["exp"].partial(1, 1.0, (0.0,)))
    assert (str(OPS["exp"]), repr(OPS["exp"])) == ("exp", "<op exp>")
    function, arguments = OPS["exp"].__reduce__()
    assert function(*arguments) is OPS["exp"]
    assert OPS["exp"].value(p.Value(1.0)).op is OPS["exp"]


def an_interruption_changes_nothing(p):
    from autograd.formulas.row import Op

    def stop(y, a):
        raise KeyboardInterrupt

    x = p.Value(2.0)
    x.grad = 5.0
    node = p.Value.apply_op(Op("stop", abs, stop), (x,))
    node.grad = 7.0
    root = node * x
    assert raises(KeyboardInterrupt, root.backward)
    assert (x.grad, node.grad, root.grad) == (5.0, 7.0, 0.0)


def undefined_slopes_are_errors_in_words(p):
    steep = p.Value(0.0).sqrt()
    assert "derivative" in message(ZeroDivisionError, steep.backward)
    assert "derivative" in message(ZeroDivisionError, lambda: p.grad(p.sqrt)(0.0))
    assert "derivative" in message(ZeroDivisionError, lambda: p.jvp(p.sqrt, 0.0, 1.0))
    root = p.maximum(p.Value(1.0), p.Value(0.0) ** 0.5, 0.0)
    assert "derivative" in message(ValueError, root.backward)


def plain_forms_and_quick_ones_agree(p):
    from autograd.backward import sweep
    from autograd.fast.order import quick_order
    from autograd.fast.sweep import quick_sweep
    from autograd.graph import between, topological_order

    a, b = p.Value(0.75), p.Value(-1.5)
    c = a * b + 2.0
    root = p.fsum([c * c, p.maximum(a, c, 0.5), 3.0 - b, (c / a).tanh(), a])
    order = topological_order(root)
    assert list(order) == list(quick_order(root))
    assert list(topological_order(root, stop={c})) == list(quick_order(root, {c}))
    assert a not in topological_order(c * 2.0, stop={c})
    for targets in ((), {c, a}):
        reached = between(topological_order(root, stop=targets), targets) if targets else order
        found = []
        for run in (sweep, quick_sweep):
            run(reached, 1.5, targets=targets)
            found.append([node.grad for node in reached])
        assert found[0] == found[1]


def shares_of_many_values_are_those_of_the_textbook(p):
    values = [p.Value((0.7 * place) % 2.9 - 1.3) for place in range(24)]
    weights = [math.exp(value.data) for value in values]
    shares = [weight / math.fsum(weights) for weight in weights]
    found = p.softmax(values)
    assert all(abs(one.data - right) < 1e-15 for one, right in zip(found, shares, strict=True))
    p.fsum([place * one for place, one in enumerate(found)]).backward()
    mean = math.fsum(place * share for place, share in enumerate(shares))
    for place, (value, share) in enumerate(zip(values, shares, strict=True)):
        assert abs(value.grad - share * (place - mean)) < 1e-14


def numbers_of_functions(p):
    assert p.mean([1.0, 2.0, 6.0]) == 3.0
    assert p.fsum([]) == 0.0
    assert p.fsum([0.1] * 10) == 1.0
    assert p.log_softmax([math.inf, 1.0])[1] == -math.inf
    assert p.log_softmax([0.0, -1000.0], 1) == -1000.0
    assert p.log_softmax([0.0, -1000.0], 0) == 0.0
    assert p.fsum([p.Value(2.0)]).data == 2.0
    assert p.where(True, 1.0, 2.0) == 1.0
    assert p.where(0.0 > 1.0, lambda: 1 / 0, lambda: 2.0) == 2.0
    assert p.leaky_relu(-2.0) == -0.02
    assert p.elu(-1000.0) == -1.0
    x, y = p.Value(1.0), p.Value(2.0)
    assert p.where(x < y, x, 3.0).args == (1.0, x, 3.0)
    assert p.where(x > y, x, y).args[2] is y
    assert p.where(x > y, x, 3.0).data == 3.0
    assert p.where(x > y, lambda: 1 / 0, y).data == 2.0
    assert math.isnan(p.where(x > y, lambda: 1 / 0, y).args[1])
    p.mean([x, y, y]).backward(3.0)
    assert (x.grad, y.grad) == (1.0, 2.0)
    for function in (p.mean, p.softmax, p.logsumexp, p.log_softmax):
        assert raises(ValueError, lambda function=function: function([]))
        assert raises(TypeError, lambda function=function: function(1.0))


CHECKS = [
    leaves_accumulate_and_inner_nodes_do_not, every_use_counts, a_leaf_can_be_its_own_root,
    an_error_changes_nothing, data_that_is_not_finite_may_pass,
    an_overflow_on_the_way_down_is_an_error, written_leaves_make_old_graphs_stale,
    the_functional_sweep_touches_no_grad, only_what_is_asked_for_is_computed,
    higher_orders_are_right, local_partials_are_those_of_the_rule, rows_know_their_partials,
    an_interruption_changes_nothing, undefined_slopes_are_errors_in_words, numbers_of_functions,
    plain_forms_and_quick_ones_agree, shares_of_many_values_are_those_of_the_textbook,
]  # fmt: skip
