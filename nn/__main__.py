"""``python -m nn``: the chalkgrad command."""

import sys

from nn.cli import main

sys.exit(main())
