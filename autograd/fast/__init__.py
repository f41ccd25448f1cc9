"""The quick twins of what the lecture shows: the same numbers, to the bit, in less time.

Read ``graph``, ``backward`` and ``value`` first: they say what is computed, and they are what runs
for derivatives that are differentiated again, for subclasses of Value and in ``ieee()`` mode. This
wing does one thing, sweeps of plain floats, and the operators that build their graphs.

What each trick buys, in nanoseconds a node (``python -m benchmarks.fast``, medians on two shared
cores under CPython 3.11; the ratios travel, the times do not):

================== ====== ====== =======================================================
file               plain  quick  the trick
================== ====== ====== =======================================================
``operators``       1779    314  no call but the arithmetic: the node is filled on the spot
``order``           1414    336  two slots read, instead of a tuple made; one visit, not two
``sweep``           5137    368  no call but the rule, and none where the rule is a number
================== ====== ====== =======================================================

A training step of a small network takes a quarter of its time in this way. What was tried and left
out: a tuple of parents walked with ``zip`` (twice as slow as two slots), a dictionary of gradients
instead of an attribute (a third slower), partials computed when a node is made (a dearer forward
pass, and more memory).
"""

import os

ON = not os.environ.get("CHALKGRAD_PLAIN")  # the engine without its quick forms, for comparison
