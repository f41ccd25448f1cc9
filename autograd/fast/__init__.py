"""The quick twins of what the lecture shows: the same numbers, to the bit, in less time.

Read ``graph``, ``backward`` and ``value`` first: they say what is computed, and they are what runs
for differentiable sweeps, for sweeps with targets and in ``ieee()`` mode. This wing does one thing,
``backward()`` on plain floats, and the operators that build its graph.
"""

import os

ON = not os.environ.get("CHALKGRAD_PLAIN")  # the engine without its quick forms, for comparison
