"""Deep graphs are freed from a list: run here on every Python, though only 3.13 needs it."""

from autograd.machinery import freeing


class Node:
    """What let_go looks at: the two slots of a node."""

    alive = 0

    def __init__(self, first=None, second=None):
        self.first, self.second = first, second
        Node.alive += 1

    def __del__(self):
        freeing.let_go(self)
        Node.alive -= 1


def test_chain_and_ladder_are_freed_to_the_last_node():
    for build in (lambda node: Node(node, 2.0), lambda node: Node(node, node)):
        node = Node()
        for _ in range(5_000):
            node = build(node)
        assert Node.alive == 5_001
        del node
        assert Node.alive == 0


def test_node_that_somebody_else_holds_stays():
    kept = Node(Node())
    node = Node(kept, kept)
    del node
    assert Node.alive == 2
    assert isinstance(kept.first, Node)
    del kept
    assert Node.alive == 0


def test_node_that_was_never_finished_is_let_go():
    unfinished = object.__new__(Node)
    freeing.let_go(unfinished)
    assert not hasattr(unfinished, "first")
    Node.__init__(unfinished)
    del unfinished
    assert Node.alive == 0
