"""What is in the picture: read back from its DOT source by Graphviz's own parser."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

import pygraphviz
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from autograd import Value, ieee
from autograd.view import Drawing, draw
from autograd.view.labels import number_label
from autograd.words.markup import shortened

ATTRIBUTES = (
    "name",
    "label",
    "tooltip",
    "shape",
    "color",
    "fillcolor",
    "peripheries",
    "style",
    "headport",
)


def read_exact(attribute: str) -> str:
    """The name that is stored in the ``name`` attribute of a node."""
    return attribute.replace("\\\\", "\\")


@dataclass
class Parsed:
    """What Graphviz's parser reads from a DOT source."""

    attributes: dict[str, str]
    nodes: list[dict[str, str]]
    edges: list[dict[str, str]]

    @property
    def named(self) -> dict[str, dict[str, str]]:
        return {read_exact(node["name"]): node for node in self.nodes}

    @property
    def edge_labels(self) -> list[str]:
        """The visible edge labels, without the tags and spaces around them."""
        return [re.sub(r"[<>]|&#160;", "", edge.get("label", "")) for edge in self.edges]


def parsed(drawing: Drawing) -> Parsed:
    graph = pygraphviz.AGraph()
    graph.from_string(drawing.source)

    def attributes(item: Any) -> dict[str, str]:
        return {key: item.attr[key] for key in ATTRIBUTES if item.attr[key]}

    return Parsed(
        {"rankdir": graph.graph_attr["rankdir"]},
        [attributes(node) for node in graph.nodes()],
        [attributes(edge) for edge in graph.edges()],
    )


def lesson() -> tuple[Value, Value, Value]:
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    out = a * b + 10.0
    out.label = "out"
    return a, b, out


def test_a_node_shows_its_name_its_number_and_its_gradient() -> None:
    a, b, out = lesson()
    out.backward()
    nodes = parsed(draw(out)).named
    for text in ("<B>a</B>", "data 2", "grad -3"):
        assert text in nodes["a"]["label"]
    for text in ("<B>out</B>", "data 4", "grad 1", ">+<"):
        assert text in nodes["out"]["label"]
    assert (a.grad, b.grad) == (-3.0, 2.0)


def test_local_derivatives_are_on_the_edges_once_backward_has_run() -> None:
    _, _, out = lesson()
    out.backward()
    labels = parsed(draw(out)).edge_labels
    assert "∂(a * b)/∂a = -3" in labels
    assert "∂(a * b)/∂b = 2" in labels
    assert "∂out/∂(a * b) = 1" in labels


def test_no_derivative_is_on_an_edge_before_backward() -> None:
    _, _, out = lesson()
    assert set(parsed(draw(out)).edge_labels) == {""}


def test_a_gradient_that_an_earlier_graph_left_in_a_leaf_is_no_backward_of_this_one() -> None:
    a, _, out = lesson()
    out.backward()
    again = a * 2.0
    assert set(parsed(draw(again)).edge_labels) == {""}


def test_edges_false_leaves_the_derivatives_out() -> None:
    _, _, out = lesson()
    out.backward()
    assert set(parsed(draw(out, edges=False)).edge_labels) == {""}


def test_a_plus_a_has_two_parallel_edges() -> None:
    a = Value(3.0, label="a")
    double = a + a
    double.backward()
    assert parsed(draw(double)).edge_labels == ["∂double/∂a = 1"] * 2


def test_a_node_is_called_by_its_label_else_by_the_callers_variable_else_by_its_formula() -> None:
    weight = Value(2.0)
    labelled = Value(3.0, label="three")
    loss = (weight * labelled).tanh()
    assert set(parsed(draw(loss)).named) == {"weight", "three", "weight * three", "loss"}


def test_a_leaf_without_a_name_shows_its_number_once() -> None:
    nodes = parsed(draw(Value(2.0) * Value(7.0))).named
    assert "<B>" not in nodes["7"]["label"]
    assert "data 7" in nodes["7"]["label"]


def test_leaves_parameters_constants_and_results_differ_in_shape_and_in_colour() -> None:
    x, w = Value(1.0, label="x"), Value(2.0, label="w")
    y = x * w + 5.0
    nodes = parsed(draw(y, parameters=[w])).named
    kinds = [nodes[name] for name in ("x", "w", "5.0", "y")]
    assert len({node["shape"] for node in kinds}) == 4
    assert len({node["fillcolor"] for node in kinds}) == 4
    assert len({node["color"] for node in kinds}) == 4


def test_each_use_of_a_constant_is_a_node_of_its_own_without_a_derivative() -> None:
    x = Value(3.0, label="x")
    y = 2.0 * x + 2.0
    y.backward()
    graph = parsed(draw(y))
    assert sum(node["name"] == "2.0" for node in graph.nodes) == 2
    dashed = [edge for edge in graph.edges if edge.get("style") == "dashed"]
    assert len(dashed) == 2
    assert not any(edge.get("label") for edge in dashed)


def test_the_root_is_framed_twice() -> None:
    _, _, out = lesson()
    nodes = parsed(draw(out)).named
    assert [name for name, node in nodes.items() if node.get("peripheries") == "2"] == ["out"]


@pytest.mark.parametrize(
    ("direction", "side"), [("LR", "w"), ("TB", "n"), ("RL", "e"), ("BT", "s")]
)
def test_edges_arrive_at_the_operation_in_every_direction(direction: str, side: str) -> None:
    _, _, out = lesson()
    graph = parsed(draw(out, direction=direction))
    assert graph.attributes["rankdir"] == direction
    assert {edge["headport"] for edge in graph.edges} == {f"op:{side}"}


def test_several_roots_share_one_picture() -> None:
    a = Value(1.0, label="a")
    left, right = a + 1.0, a * 2.0
    names = parsed(draw([left, right])).named
    assert {"a", "left", "right"} <= set(names)
    assert len(parsed(draw([left, right])).nodes) == 5


def test_the_same_graph_gives_the_same_source() -> None:
    _, _, out = lesson()
    assert draw(out).source == draw(out).source
    code = (
        "from autograd import Value; from autograd.view import draw; "
        "a, b = Value(2.0), Value(3.0); y = (a * b + a).tanh(); y.backward(); print(draw(y).source)"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(runs) == 1


def test_nan_infinity_huge_and_tiny_numbers_are_shown() -> None:
    for value, text in [
        (float("nan"), "nan"),
        (float("inf"), "inf"),
        (-float("inf"), "-inf"),
        (1e300, "1e300"),
        (-1.5e-12, "-1.5e-12"),
        (-0.0, "0"),
        (1 / 3, "0.333333"),
        (123456.0, "123456"),
    ]:
        assert number_label(value) == text
        assert f"data {text}" in draw(Value(value, label="v")).source


def test_a_derivative_that_does_not_exist_is_called_undefined() -> None:
    x = Value(0.0, label="x")
    with ieee():
        y = x.sqrt()
        y.backward()
        assert parsed(draw(y)).edge_labels == ["∂y/∂x is undefined"]
    assert parsed(draw(y)).edge_labels == ["∂y/∂x is undefined"]


def test_a_leaf_written_after_the_backward_makes_its_edges_out_of_date() -> None:
    x = Value(2.0, label="x")
    y = x * x
    y.backward()
    x.data = 5.0
    assert parsed(draw(y)).edge_labels == ["∂y/∂x is out of date"] * 2


def test_long_formulas_are_left_out_of_an_edge_and_stay_whole_in_its_tooltip() -> None:
    a, b = Value(1.0, label="first_weight"), Value(2.0, label="second_weight")
    out = (a * b + a) * 3.0
    out.backward()
    graph = parsed(draw(out))
    assert dict(zip(graph.edge_labels, graph.edges, strict=True))["∂ = 3"]["tooltip"] == (
        "∂out/∂(first_weight * second_weight + first_weight) = 3"
    )


AWKWARD = [
    '"',
    '\\"',
    "\\",
    "\\\\",
    'a\\\\"b\\',
    "<",
    "<b>x</b>",
    "a & b &lt; &#92;N",
    "|",
    "{x|y}",
    "\\N",
    "\\G \\E \\L \\n \\l",
    "two\nlines",
    "back\\\nslash",
    "πάθη 🎓 學",
    "x" * 10_000,
    "🎓" * 10_000,
    "\\" * 10_000,
    '"' * 10_001,
    '\\"' * 10_001,
    "&<" * 10_000,
    "charset=",
    'charset = "latin-1"',
    "-> ; ] } //",
    "/* not a comment */",
    "graph",
    "digraph",
    "\x01\x7f\x85\u2028",
    "%",
    "n0",
    "1e5",
    "</TD></TABLE>",
    "∂a/∂b",
]


@pytest.mark.parametrize("label", AWKWARD, ids=[f"{label[:12]!r}" for label in AWKWARD])
def test_any_label_comes_back_equal_and_can_be_rendered(label: str) -> None:
    node = Value(1.0, label=label) * 2.0
    node.label = label
    node.backward()
    drawing = draw(node)
    graph = parsed(drawing)
    assert [read_exact(graph.nodes[each]["name"]) for each in (0, 1)] == [label] * 2
    assert drawing.pipe("svg").rstrip().endswith(b"</svg>")


@pytest.mark.parametrize("blank", [" ", "\r\n\t"])
def test_a_label_of_blanks_shows_what_stands_there_without_a_label(blank: str) -> None:
    assert read_exact(parsed(draw(Value(1.0, label=blank))).nodes[0]["name"]) == "1"


@given(
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1).filter(
        lambda text: not text.isspace()
    )
)
@example("\\")
@example("0\n")
@example("x" * 399 + '\\\n"' * 400 + "\n")
@example("graph\n")
@example('\\"')
def test_every_text_comes_back_equal(label: str) -> None:
    graph = parsed(draw(Value(1.0, label=label)))
    assert read_exact(graph.nodes[0]["name"]) == label


def test_what_no_file_can_hold_is_replaced_by_a_sign() -> None:
    graph = parsed(draw(Value(1.0, label="nul \0 half \ud83d end")))
    assert read_exact(graph.nodes[0]["name"]) == "nul ␀ half � end"


def test_a_long_name_is_shortened_where_it_is_seen() -> None:
    assert shortened("x" * 10_000, 28) == "x" * 27 + "…"
    visible = parsed(draw(Value(1.0, label="x" * 10_000))).nodes[0]["label"]
    assert len(visible) < 200


@pytest.mark.parametrize("thing", [3.0, None, "loss", [1.0, 2.0], {}])
def test_what_is_no_value_is_refused_with_advice(thing: Any) -> None:
    with pytest.raises(TypeError, match=r"takes a Value, not \w+\. .*draw\(loss\)"):
        draw(thing)


def test_an_empty_list_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing to draw"):
        draw([])


@pytest.mark.parametrize(
    ("detail", "words"),
    [
        ("neurons", r"detail='neurons' is unknown. Did you mean 'neuron'\?"),
        ("atom", r"detail='atom' is unknown. Choose 'operation' .*, 'neuron' or 'layer'"),
    ],
)
def test_an_unknown_detail_is_refused(detail: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        draw(Value(1.0), detail=detail)


def test_an_unknown_direction_is_refused_with_the_choices() -> None:
    with pytest.raises(
        ValueError, match=r"direction='up' is unknown. Choose 'LR'.*'TB'.*'RL' or 'BT'"
    ):
        draw(Value(1.0), direction="up")


def chain(length: int) -> Value:
    total = Value(0.0)
    for _ in range(length):
        total = total + 1.0
    return total


def test_too_many_nodes_are_refused_with_their_count() -> None:
    with pytest.raises(ValueError, match=r"2,001 nodes.*detail=.*limit=2001"):
        draw(chain(1000))


def test_a_million_nodes_are_refused_without_recursion() -> None:
    with pytest.raises(ValueError, match="more than 100,000 nodes"):
        draw(chain(1_000_000))


def test_the_limit_can_be_raised() -> None:
    assert len(parsed(draw(chain(400), limit=801)).nodes) == 801
    with pytest.raises(ValueError, match="limit is 800"):
        draw(chain(400), limit=800)


def test_drawing_changes_nothing_in_the_graph() -> None:
    a, b, out = lesson()
    out.backward()
    before = [(node.data, node.grad, node.label) for node in (a, b, out)]
    draw(out)
    assert [(node.data, node.grad, node.label) for node in (a, b, out)] == before


def test_endless_graph_is_refused_without_a_walk_through_all_of_it(monkeypatch):
    x = Value(1.0)
    for _ in range(3_000):
        x = x + 1.0
    looked_at = []
    arguments = Value.args.fget
    monkeypatch.setattr(Value, "args", property(lambda n: looked_at.append(n) or arguments(n)))
    monkeypatch.setattr("autograd.view.graph_picture.COUNTED", 1_000)
    with pytest.raises(ValueError, match=r"more than 1,000 nodes.*detail='layer'"):
        draw(x)
    assert len(looked_at) <= 1_001
    with pytest.raises(ValueError, match=r"6,001 nodes.*write limit=6001"):
        draw(x, limit=5_000)
