"""``python -m nn``: the chalkgrad command."""

import sys

from nn.command.main import main

sys.exit(main())
