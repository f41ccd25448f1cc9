"""The Graphviz inside pygraphviz's wheel as a program that takes the arguments of ``dot``.

``renderers.py`` runs this file by its path, in a Python of its own. It imports nothing of this
project, so that no picture waits for the engine to load.
"""

import sys


def main() -> None:
    """Answer ``-V`` with the version, and ``-Tsvg -Kdot`` with the picture of what stdin holds.

    Before them stands the folder in which pygraphviz is.
    """
    folder, *arguments = sys.argv[1:]
    sys.path.append(folder)
    import pygraphviz

    if arguments == ["-V"]:
        version = getattr(pygraphviz, "__graphviz_version__", "of unknown version")
        print(f"version {version} inside pygraphviz {pygraphviz.__version__}", file=sys.stderr)  # noqa: T201  # as dot answers
        return
    kind, engine = (argument[2:] for argument in arguments)
    graph = pygraphviz.AGraph()
    try:
        # AGraph(source) would look for "charset=" even in a label.
        graph.from_string(sys.stdin.buffer.read().decode())
        picture = graph.draw(format=kind, prog=engine)
    except (ValueError, TypeError, OSError) as error:  # TypeError: it knows no such format
        sys.exit(str(error))
    sys.stdout.buffer.write(picture)


if __name__ == "__main__":
    main()
