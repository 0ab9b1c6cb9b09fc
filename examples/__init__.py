"""Labelled turns, and what is fitted to them."""
