"""Who imports whom, read from the source: import lines, and names in ``import_module("...")``."""

import ast
from pathlib import Path

import autograd

ROOT = Path(autograd.__file__).parent.parent


def modules(package):
    """Every module of a package by its dotted name, with its file."""
    found = {}
    for path in sorted((ROOT / package).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(part for part in parts if part != "__init__")] = path
    return found


def imported(path):
    """Every dotted name that a file imports, wherever in the file, and under whatever form."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and "import_module" in ast.unparse(node.func):
            yield from (each.value for each in node.args if isinstance(each, ast.Constant))
            yield from (text(each) for each in node.args if isinstance(each, ast.JoinedStr))


def text(joined):
    """The part of an f-string before its first gap: the package that is certain to be meant."""
    first = joined.values[0]
    return first.value.rpartition(".")[0] if isinstance(first, ast.Constant) else ""


def arrows(package):
    """For each module of a package, the modules of the same package that it imports."""
    known = modules(package)
    found = {}
    for name, path in known.items():
        others = {other for other in imported(path) if other in known and other != name}
        # "from a.b import c" names a.b, too: only the module that holds the thing counts
        found[name] = {
            other
            for other in others
            if not any(longer.startswith(f"{other}.") for longer in others)
            or known[other].name != "__init__.py"
        } - {package}
    return found


def circles(package):
    """The groups of modules that import one another in a circle (Tarjan, 1972)."""
    graph, found = arrows(package), []
    number, low, stack = {}, {}, []

    def visit(name):
        number[name] = low[name] = len(number)
        stack.append(name)
        for other in graph[name]:
            if other not in number:
                visit(other)
                low[name] = min(low[name], low[other])
            elif other in stack:
                low[name] = min(low[name], number[other])
        if low[name] == number[name]:
            group = []
            while not group or group[-1] != name:
                group.append(stack.pop())
            if len(group) > 1:
                found.append(sorted(group))

    for name in graph:
        if name not in number:
            visit(name)
    return found
