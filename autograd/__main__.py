"""``python -m autograd``: the part of the chalkgrad command that needs no network package."""

import sys

from autograd.command.main import main

sys.exit(main())
