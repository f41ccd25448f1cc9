"""``python -m autograd``: the part of the chalkgrad command that needs no network package."""

import sys

from autograd.commands import main

sys.exit(main())
