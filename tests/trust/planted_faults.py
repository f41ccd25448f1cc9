"""Plants faults in the engine, one at a time, and counts those that the tests notice.

    python tests/trust/planted_faults.py            every fault
    python tests/trust/planted_faults.py 30         a sample of so many
    python tests/trust/planted_faults.py 30 --slow  and the sweep's own tests for what survives
    python tests/trust/planted_faults.py --listed   those that are said to change nothing

A fault is a small change of the syntax tree of one of the modules in ``APART``: an operator, a
constant, a comparison, the order of arguments, a term or a statement that is gone. Each is planted
in a fresh copy of the package, which a process of its own imports and puts to the checks of this
folder: the tables of edges, ``sweep_checks.py``, random graphs, a few points for each operation,
and batches. What the oracle says is computed once, before.

A fault that survives changes nothing that is promised, or shows a hole in the tests. Those of the
first kind are listed, each with its argument, in ``equivalent_faults.txt``: they are counted apart,
and ``--listed`` finds those that a test notices after all, and so do not belong there.
"""

import ast
import contextlib
import functools
import os
import pickle
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
# An endless loop is noticed, too: by the seconds of the processor, which other work on the machine
# does not use up. What waits for ever uses none of them, and is given up after a longer time.
PROCESSOR_SECONDS, GIVE_UP = 60, 600
POINTS, GRAPHS = 48, 30

# Functions that do no arithmetic: what they promise about types and texts is tested elsewhere.
APART = {
    "rules.py": set(),
    "formulas/dispatch.py": {
        "number",
        "generic",
        "bound",
        "is_array",
        "checked_number",
        "elementary",
    },
    "formulas/of_one.py": set(),
    "formulas/of_two.py": set(),
    "formulas/of_many.py": {"several", "plain", "checked_place"},
    "formulas/limits.py": set(),
    "formulas/rounding.py": set(),
    "formulas/row.py": {"row"},
    "graph.py": set(),
    "backward.py": set(),
    "fast/order.py": set(),
    "fast/sweep.py": set(),
}

OPERATORS = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip
COMPARISONS = {
    ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt), ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,), ast.In: (ast.NotIn,), ast.NotIn: (ast.In,),
}  # fmt: skip
NEIGHBOURS = {
    "sin": "cos", "cos": "sin", "sinh": "cosh", "cosh": "sinh", "exp": "expm1", "expm1": "exp",
    "log": "log1p", "log1p": "log", "sqrt": "abs", "tanh": "sech2", "sech2": "tanh",
    "sigmoid": "tanh", "maximum": "minimum", "minimum": "maximum",
    "normal_cdf": "normal_pdf", "normal_pdf": "normal_cdf", "power_slope": "power",
    "power_log": "power", "hypot_slope": "hypot", "over_square": "hypot_slope",
}  # fmt: skip


class Fault(NamedTuple):
    module: str
    home: str  # the function or, in the table, the operation
    line: int
    before: str
    after: str
    path: list  # where in the syntax tree
    variant: ast.AST  # what stands there instead
    turn: int = 1  # the second change of the same kind in this function, the third, ...

    @property
    def source(self):
        """The whole module with the fault."""
        planted = tree_of(self.module)
        parent, (field, index) = at(planted, self.path[:-1]), self.path[-1]
        if index is None:
            setattr(parent, field, self.variant)
        else:
            getattr(parent, field)[index] = self.variant
        return ast.unparse(ast.fix_missing_locations(planted))

    def __str__(self):
        return f"autograd/{self.module}:{self.line}  {self.before}  ->  {self.after}"

    @property
    def key(self):
        """What the list of equivalent faults knows it by: the change, not the line."""
        which = f"  ({self.turn})" if self.turn > 1 else ""
        return f"{self.module} {self.home}: {self.before}  ->  {self.after}{which}"


def variants(node):
    """Yield the faulty versions of one node of the tree; None stands for its removal."""
    if isinstance(node, ast.BinOp):
        if type(node.op) in OPERATORS:
            yield ast.BinOp(node.left, OPERATORS[type(node.op)](), node.right)
        yield node.left
        yield node.right
        if isinstance(node.op, ast.Sub | ast.Div | ast.Pow):
            yield ast.BinOp(node.right, node.op, node.left)
    elif isinstance(node, ast.BoolOp):
        yield ast.BoolOp(OPERATORS[type(node.op)](), node.values)
    elif isinstance(node, ast.UnaryOp):
        yield node.operand
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        for other in COMPARISONS.get(type(node.ops[0]), ()):
            yield ast.Compare(node.left, [other()], node.comparators)
    elif isinstance(node, ast.Constant):
        if isinstance(node.value, bool):
            yield ast.Constant(not node.value)
        elif isinstance(node.value, float):
            yield ast.Constant(node.value * 1.001 if node.value else 1e-3)
            yield ast.Constant(node.value + 1.0)
            if node.value:
                yield ast.UnaryOp(ast.USub(), node)
        elif isinstance(node.value, int):
            yield ast.Constant(node.value + 1)
    elif isinstance(node, ast.Call):
        if len(node.args) >= 2 and not any(isinstance(x, ast.Starred) for x in node.args[:2]):
            yield ast.Call(node.func, [node.args[1], node.args[0], *node.args[2:]], node.keywords)
        if isinstance(node.func, ast.Name) and node.func.id in NEIGHBOURS:
            other = ast.Name(NEIGHBOURS[node.func.id], ast.Load())
            yield ast.Call(other, node.args, node.keywords)
    elif isinstance(node, ast.IfExp):
        yield node.body
        yield node.orelse
    elif isinstance(node, ast.Lambda) and not isinstance(node.body, ast.Constant):
        yield ast.Lambda(node.args, ast.UnaryOp(ast.USub(), node.body))
    elif isinstance(node, ast.AugAssign):
        yield ast.AugAssign(node.target, ast.Sub(), node.value)
        yield ast.Assign([node.target], node.value, lineno=node.lineno)
    elif isinstance(node, ast.If):
        yield ast.If(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse)
    if isinstance(node, ast.AugAssign | ast.Raise | ast.Continue) or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)
    ):
        yield ast.Pass()


def faults(module):
    """Yield every fault of a module."""
    tree = tree_of(module)
    places = []

    def collect(node, field_path):
        if isinstance(node, ast.FunctionDef) and node.name in APART.get(module, ()):
            return
        if isinstance(node, ast.AnnAssign | ast.Import | ast.ImportFrom | ast.JoinedStr):
            return
        if is_of_another_library(node) or is_text(node):
            return
        if isinstance(node, ast.keyword) and node.arg == "textbook":
            return  # for reading only: test_step_formula.py holds it to what is computed
        if isinstance(node, ast.expr | ast.stmt) and field_path:
            places.append(field_path)
        for field, value in ast.iter_fields(node):
            if field in ("annotation", "returns", "decorator_list", "args") and not isinstance(
                node, ast.Call
            ):
                continue
            if isinstance(value, list):
                for index, child in enumerate(value):
                    if isinstance(child, ast.AST):
                        collect(child, [*field_path, (field, index)])
            elif isinstance(value, ast.AST):
                collect(value, [*field_path, (field, None)])

    collect(tree, [])
    turns = Counter()
    for path in places:
        original, home = at(tree, path), home_of(tree, path)
        for variant in variants(original):
            before, after = short(original), short(variant)
            if before != after:
                turns[home, before, after] += 1
                turn = turns[home, before, after]
                yield Fault(module, home, original.lineno, before, after, path, variant, turn)


def home_of(tree, path):
    """The name of the function or operation that the end of the path lies in."""
    home = "the module"
    for length in range(1, len(path)):
        node = at(tree, path[:length])
        if isinstance(node, ast.FunctionDef):
            home = node.name
        elif isinstance(node, ast.Call) and getattr(node.func, "id", None) == "op":
            home = f"op {node.args[0].value}"
    return home


@functools.cache
def text_of(module):
    inside = ROOT / "autograd" / module
    return (inside if inside.exists() else ROOT / module).read_text(encoding="utf-8")


def tree_of(module):
    return ast.parse(text_of(module))


def at(tree, path):
    """The node at the end of a path of fields."""
    for field, index in path:
        tree = getattr(tree, field) if index is None else getattr(tree, field)[index]
    return tree


def is_of_another_library(node):
    """Whether the branch is for JAX, or for the compiler's record: their own tests are slow."""
    words = ("jax", "hasattr(condition")
    return isinstance(node, ast.If) and any(word in ast.unparse(node.test) for word in words)


def is_text(node):
    """Whether the node is a docstring, a message or what only messages are made of."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True
    return isinstance(node, ast.Assert)


def short(node):
    return " ".join(ast.unparse(node).split())[:90]


def all_faults():
    return [fault for module in APART for fault in faults(module)]


def equivalent():
    """The faults that change nothing, by key; each has its argument beside it in the list."""
    lines = (HERE / "equivalent_faults.txt").read_text(encoding="utf-8").splitlines()
    return {line.strip() for line in lines if line and not line.startswith(("#", " "))}


# The checks that a copy of the engine is put to ---------------------------------------------------


def prepared():
    """What the oracle says: cases for every operation, and graphs with gradients and bounds."""
    import dags
    import numerics
    import points
    from worst import engine_in_use

    engine = engine_in_use()
    cases = [case for name in points.SAMPLERS for case in numerics.cases(name, POINTS, "planted")]
    graphs = []
    for seed in range(GRAPHS):
        graph = dags.random_graph(f"planted {seed}")
        numbers, _ = dags.gradients(engine, graph)
        graphs.append((graph, dags.expected(graph, numbers).gradient))
    return cases, graphs


def check(cases, graphs):
    """Return the first thing that is wrong with the engine that is imported here, or None."""
    import dags
    import edges
    import numerics
    import points
    import rounding_checks
    import sweep_checks
    from worst import engine_in_use

    engine = engine_in_use()
    for row in edges.rows("edge_table.txt"):
        if found := edges.differences(row, *edges.answers(engine, row)):
            return f"{row.name}: {found[0]}"
    for row in edges.rows("ieee_table.txt"):
        if found := edges.differences(row, *edges.answers_in_ieee_mode(engine, row)):
            return f"ieee {row.name}: {found[0]}"
    for promise in sweep_checks.CHECKS:
        promise(engine.package)
    for promise in rounding_checks.CHECKS:
        promise(rounding_checks.formulas())
    for graph, right in graphs:
        _, found = dags.gradients(engine, graph)
        for got, (slope, allowed) in zip(found, right, strict=True):
            if not abs(got - slope) <= allowed:
                return "a random graph"
    for case in cases:
        for kind, positions, error in numerics.errors(engine, case):
            if not error <= numerics.bound(case.name, kind):
                return f"{kind} of {case.name} at {case.point} by {positions}: {error:.3g} ulp"
    import batches  # last, for NumPy takes longer to import than most checks take

    for name in points.SAMPLERS:
        for found in batches.differences(engine, name):
            return found
    return None


def worker(expected_file):
    """Check the engine on the path; the exit status says whether it seems to be right."""
    with contextlib.suppress(ImportError):  # Windows has no such limit
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    cases, graphs = pickle.loads(Path(expected_file).read_bytes())
    try:
        wrong = check(cases, graphs)
    except BaseException as error:
        wrong = f"{type(error).__name__}: {error}"
    print(wrong or "nothing noticed")
    return 0 if wrong is None else 1


# The run ------------------------------------------------------------------------------------------


class Copies:
    """Two copies of the package to plant in, each used by one process at a time."""

    def __init__(self, folder):
        self.free = SimpleQueue()
        self.folder = Path(folder)
        for number in range(2):
            home = self.folder / str(number)
            shutil.copytree(
                ROOT / "autograd", home / "autograd",
                ignore=shutil.ignore_patterns("__pycache__", "compiled", "classroom"),
            )  # fmt: skip
            run([sys.executable, "-m", "compileall", "-q", str(home)], home)
            self.free.put(home)

    def noticed(self, fault, source, slow):
        """What the tests say about the module's faulty source, or None if they notice nothing."""
        home = self.free.get()
        path = home / "autograd" / fault.module
        right = path.read_bytes()
        for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*"):
            compiled.unlink()
        try:
            path.write_text(source, encoding="utf-8")
            return self.complaint(home, slow)
        finally:
            path.write_bytes(right)
            self.free.put(home)

    def complaint(self, home, slow):
        """What the tests say about the copy as it is, or None if it seems right to them."""
        command = [sys.executable, str(HERE / "planted_faults.py"), "--check"]
        done = run([*command, str(self.folder / "expected")], home)
        if done is None:
            return "no end"
        if done.returncode:
            return done.stdout.strip().rpartition("\n")[2] or "crash"
        if slow:
            tests = [str(ROOT / "tests" / "autograd" / name) for name in SLOW]
            options = ["-q", "-x", "-p", "no:cacheprovider", "-c", str(ROOT / "pyproject.toml")]
            done = run([sys.executable, "-m", "pytest", *options, *tests], home)
            if done is None or done.returncode:
                return "the engine's own tests"
        return None

    def check_without_a_fault(self):
        """Raise an error if the tests complain where nothing was planted."""
        home = self.free.get()
        complaint = self.complaint(home, slow=False)
        self.free.put(home)
        if complaint:
            raise AssertionError(f"the engine as it is does not pass: {complaint}")


SLOW = ["test_backward.py", "test_functional.py", "test_modes.py", "test_operands.py"]


def run(command, home):
    """Run the command with the copy of the package first on the path; None if it does not end."""
    environment = {**os.environ, "PYTHONPATH": str(home), "PYTHONDONTWRITEBYTECODE": "1"}
    if "compileall" in command:
        del environment["PYTHONDONTWRITEBYTECODE"]
    try:
        return subprocess.run(
            command, cwd=home, env=environment, timeout=GIVE_UP, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return None


def plant(chosen, slow=False):
    """Return [(fault, what noticed it or None)] for the chosen faults."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "expected").write_bytes(pickle.dumps(prepared()))
        copies = Copies(folder)
        copies.check_without_a_fault()

        def one(fault, source):
            return fault, copies.noticed(fault, source, slow)

        # Syntax trees are made here, before there are threads: CPython 3.11 raises SystemError
        # where several threads turn trees into objects at once.
        sources = [fault.source for fault in chosen]
        with ThreadPoolExecutor(2) as pool:
            return list(pool.map(one, chosen, sources))


def main(arguments):
    sizes = [int(word) for word in arguments if word.isdigit()]
    every, known = all_faults(), equivalent()
    listed = [fault for fault in every if fault.key in known]
    if "--listed" in arguments:
        return wrongly_listed(listed)
    chosen = [fault for fault in every if fault.key not in known]
    if sizes:
        chosen = random.Random(0).sample(chosen, sizes[0])
    found = plant(chosen, "--slow" in arguments)
    survivors = [fault for fault, noticed in found if noticed is None]
    for fault in survivors:
        print("SURVIVED", fault)
    caught = len(found) - len(survivors)
    print(f"{len(found)} faults planted, {caught} noticed ({100 * caught / len(found):.1f} %); "
          f"{len(listed)} more change nothing")  # fmt: skip
    if not sizes:
        import results

        results.keep(
            "faults",
            {
                "planted": len(every), "equivalent": len(listed), "caught": caught,
                "survivors": [str(fault) for fault in survivors],
            },
        )  # fmt: skip
    return 0 if caught >= 0.98 * len(found) else 1


def wrongly_listed(listed):
    """Plant what is said to change nothing, and print what is noticed: 0 if that is nothing."""
    wrong = [(fault, noticed) for fault, noticed in plant(listed) if noticed is not None]
    for fault, noticed in wrong:
        print(f"NOTICED {fault.key}: {noticed}")
    print(f"{len(listed)} faults are said to change nothing, and {len(wrong)} of them do")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.path[:0] = [str(HERE), str(HERE.parent)]
    if not os.environ.get("PYTHONPATH"):
        sys.path.append(str(ROOT))
    if sys.argv[1:2] == ["--check"]:
        sys.exit(worker(sys.argv[2]))
    sys.exit(main(sys.argv[1:]))
