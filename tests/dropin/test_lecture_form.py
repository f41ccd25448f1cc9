"""Programs in the form of micrograd's lecture: backpropagation by hand, step by step.

In the lecture the class is written in the notebook, with ``label``, ``tanh`` and ``exp``. A student
who takes this engine's class instead changes nothing else. The expected numbers were worked out by
hand, and those of the neuron also printed by a class written as the lecture tells.
"""

import math

import pytest

IMPORTS = "import math\nfrom autograd import Value, draw_dot, trace"

NEURON = """
x1 = Value(1.5, label='x1')
x2 = Value(-0.5, label='x2')
w1 = Value(0.8, label='w1')
w2 = Value(2.0, label='w2')
b = Value(0.35, label='b')
x1w1 = x1*w1; x1w1.label = 'x1*w1'
x2w2 = x2*w2; x2w2.label = 'x2*w2'
x1w1x2w2 = x1w1 + x2w2; x1w1x2w2.label = 'x1*w1 + x2*w2'
n = x1w1x2w2 + b; n.label = 'n'
"""

WITH_TANH = NEURON + "o = n.tanh(); o.label = 'o'\n"

WITH_EXP = NEURON + "e = (2*n).exp()\no = (e - 1) / (e + 1); o.label = 'o'\n"

WITH_TWO_EXPS = NEURON + "o = ((2*n).exp() - 1) / ((2*n).exp() + 1)\n"

NODE_BY_NODE = """
o.grad = 1.0
o._backward()
n._backward()
b._backward()
x1w1x2w2._backward()
x1w1._backward()
x2w2._backward()
"""

IN_TOPOLOGICAL_ORDER = """
topo = []
visited = set()
def build_topo(v):
    if v not in visited:
        visited.add(v)
        for child in v._prev:
            build_topo(child)
        topo.append(v)
build_topo(o)
o.grad = 1.0
for node in reversed(topo):
    node._backward()
"""

OWN_PICTURE = """
def own_trace(root):
    nodes, edges = set(), set()
    def build(v):
        if v not in nodes:
            nodes.add(v)
            for child in v._prev:
                edges.add((child, v))
                build(child)
    build(root)
    return nodes, edges

def own_draw(root):
    lines = []
    nodes, edges = own_trace(root)
    for n in nodes:
        uid = str(id(n))
        lines.append("%s [label={ %s | data %.4f | grad %.4f }]" % (uid, n.label, n.data, n.grad))
        if n._op:
            lines.append("%s [label=%s]" % (uid + n._op, n._op))
            lines.append("%s -> %s" % (uid + n._op, uid))
    for n1, n2 in edges:
        lines.append("%s -> %s" % (str(id(n1)), str(id(n2)) + n2._op))
    return lines

drawn = own_draw(o)
"""

N = 1.5 * 0.8 + -0.5 * 2.0 + 0.35  # 0.55
SLOPE = 1.0 - math.tanh(N) ** 2  # of tanh, 0.7495
GRADIENTS = {
    "x1": 0.8 * SLOPE,
    "w1": 1.5 * SLOPE,
    "x2": 2.0 * SLOPE,
    "w2": -0.5 * SLOPE,
    "b": SLOPE,
    "n": SLOPE,
}


def gradients(variables):
    """Return the gradients of the neuron's leaves and of its sum."""
    return {name: variables[name].grad for name in GRADIENTS}


def test_the_hand_computed_numbers_are_what_the_lecture_class_prints():
    assert math.tanh(N) == pytest.approx(0.5005202111902353, rel=1e-15)
    assert pytest.approx(0.7494795181900823, rel=1e-14) == SLOPE


def test_labels_operations_and_arguments_are_those_of_the_lecture(run):
    _, variables = run(IMPORTS, WITH_TANH)
    x1, w1, product, n, o = (variables[name] for name in ("x1", "w1", "x1w1", "n", "o"))
    assert [product._op, n._op, o._op, x1._op] == ["*", "+", "tanh", ""]
    assert product._prev == {x1, w1}
    assert o._prev == {n}
    assert o.label == "o"
    assert x1.grad == 0.0
    assert f"{o.data:.4f}" == "0.5005"


def test_repr_shows_the_number(run):
    _, variables = run(IMPORTS, "a = Value(2.0)\ntext = repr(a*3 + 1)")
    assert variables["text"].startswith("Value(data=7.0")


@pytest.mark.parametrize(
    "program",
    [WITH_TANH, WITH_EXP, WITH_TWO_EXPS],
    ids=["tanh", "one exp", "two exps"],
)
def test_neuron_by_tanh_or_by_its_exponentials_has_one_gradient(run, program):
    _, variables = run(IMPORTS, program + "o.backward()\n")
    assert variables["o"].data == pytest.approx(math.tanh(N), rel=1e-14)
    assert gradients(variables) == pytest.approx(GRADIENTS, rel=1e-13)


def test_backward_by_hand_node_by_node(run):
    _, variables = run(IMPORTS, WITH_TANH + NODE_BY_NODE)
    assert gradients(variables) == pytest.approx(GRADIENTS, rel=1e-13)


@pytest.mark.parametrize(
    "program",
    [WITH_TANH, WITH_EXP, WITH_TWO_EXPS],
    ids=["tanh", "one exp", "two exps"],
)
def test_backward_by_hand_in_an_order_built_from_prev(run, program):
    _, variables = run(IMPORTS, program + IN_TOPOLOGICAL_ORDER)
    assert gradients(variables) == pytest.approx(GRADIENTS, rel=1e-13)
    assert variables["topo"][-1] is variables["o"]


def test_gradients_written_by_hand_stay_as_they_are_written(run):
    program = WITH_TANH + (
        "o.grad = 1.0\n"
        "n.grad = 1 - o.data**2\n"
        "x1w1x2w2.grad = n.grad\n"
        "b.grad = n.grad\n"
        "x2w2.grad = x1w1x2w2.grad\n"
        "x2.grad = w2.data * x2w2.grad\n"
        "w2.grad = x2.data * x2w2.grad\n"
    )
    _, variables = run(IMPORTS, program)
    for name in ("n", "b", "x2", "w2"):
        assert variables[name].grad == pytest.approx(GRADIENTS[name], rel=1e-13)


def test_leaf_added_to_itself_has_the_gradient_2(run):
    # The lecture's first class: 1, because the gradient is assigned and not added.
    _, variables = run(IMPORTS, "a = Value(3.0, label='a')\nb = a + a\nb.backward()\n")
    assert variables["a"].grad == 2.0


def test_node_added_to_itself_gets_both_shares_by_hand_too(run):
    _, variables = run(IMPORTS, "a = Value(3.0)\nb = a + a\nb.grad = 1.0\nb._backward()\n")
    assert variables["a"].grad == 2.0


def test_two_roads_to_the_same_leaves_add_up(run):
    # f = (a * b) * (a + b): df/da = 2ab + b**2, df/db = a**2 + 2ab.
    program = (
        "a, b = Value(-1.5, label='a'), Value(4.0, label='b')\n"
        "d = a * b; d.label = 'd'\n"
        "e = a + b; e.label = 'e'\n"
        "f = d * e; f.label = 'f'\n"
        "f.backward()\n"
    )
    _, variables = run(IMPORTS, program)
    assert variables["f"].data == -15.0
    assert (variables["a"].grad, variables["b"].grad) == (4.0, -9.75)
    assert (variables["d"].grad, variables["e"].grad) == (2.5, -6.0)


def test_nudging_the_leaves_along_the_gradient_moves_the_result(run):
    program = (
        "a, b, c = Value(2.0), Value(-3.0), Value(10.0)\n"
        "f = Value(-2.0)\n"
        "L = (a*b + c) * f\n"
        "L.backward()\n"
        "for leaf in (a, b, c, f):\n"
        "    leaf.data += 0.01 * leaf.grad\n"
        "after = (a*b + c) * f\n"
    )
    _, variables = run(IMPORTS, program)
    # a = 2.06, b = -3.04, c = 9.98, f = -1.96 after the step.
    assert variables["L"].data == -8.0
    assert variables["after"].data == pytest.approx((2.06 * -3.04 + 9.98) * -1.96, rel=1e-14)
    assert variables["after"].data > variables["L"].data


def test_numbers_on_either_side_of_every_operator(run):
    program = (
        "a = Value(4.0)\n"
        "numbers = [(a + 1).data, (1 + a).data, (a - 1).data, (1 - a).data, (a * 3).data,\n"
        "           (3 * a).data, (a / 8).data, (8 / a).data, (a**2).data, (-a).data]\n"
    )
    _, variables = run(IMPORTS, program)
    assert variables["numbers"] == [5.0, 5.0, 3.0, -3.0, 12.0, 12.0, 0.5, 2.0, 16.0, -4.0]


def test_trace_gives_the_sets_of_nodes_and_edges(run):
    _, variables = run(IMPORTS, WITH_TANH + "nodes, edges = trace(o)\n")
    parts = ("x1", "x2", "w1", "w2", "b", "x1w1", "x2w2", "x1w1x2w2", "n", "o")
    assert variables["nodes"] == {variables[name] for name in parts}
    assert len(variables["edges"]) == 9
    assert (variables["n"], variables["o"]) in variables["edges"]
    assert (variables["x1"], variables["x1w1"]) in variables["edges"]


def test_trace_and_picture_written_by_the_student_work_on_these_nodes(run):
    _, variables = run(IMPORTS, WITH_EXP + "o.backward()\n" + OWN_PICTURE)
    drawn = variables["drawn"]
    assert any("{ w1 | data 0.8000 | grad 1.1242 }" in line for line in drawn)
    assert any(line.endswith("[label=exp]") for line in drawn)
    arrows = [line for line in drawn if "->" in line]
    declared = {line.split(" [")[0] for line in drawn if "->" not in line}
    assert {end for line in arrows for end in line.split(" -> ")} == declared


def test_draw_dot_shows_labels_numbers_and_gradients(run):
    _, variables = run(IMPORTS, WITH_TANH + "o.backward()\ndot = draw_dot(o)\n")
    source = variables["dot"].source
    for shown in ("x1*w1 + x2*w2", "data 0.50052", "grad 0.74948", "tanh"):
        assert shown in source
    assert variables["dot"].format == "svg"
    assert variables["dot"].pipe().rstrip().endswith(b"</svg>")


def test_draw_dot_takes_micrograds_arguments_and_renders_to_a_file(run, tmp_path):
    program = WITH_TANH + (
        "dot = draw_dot(n, format='png', rankdir='TB')\nwritten = dot.render('neuron')\n"
    )
    _, variables = run(IMPORTS, program)
    assert variables["written"] == "neuron.png"
    assert (tmp_path / "neuron.png").read_bytes()[1:4] == b"PNG"
    assert "rankdir=TB" in variables["dot"].source
