"""The command line: thin commands over the workspace. Exit codes: 0 done, 1 some calls failed
(each named), 2 wrong usage.
"""

from callqa.cli.main import app, main

__all__ = ["app", "main"]
