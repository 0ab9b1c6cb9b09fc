"""The evaluation: its arithmetic, its split and its files."""
