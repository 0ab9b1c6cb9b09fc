"""``python -m callqa.cli``: the same as ``callqa``."""

from callqa.cli.main import main

main()
