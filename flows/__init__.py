"""Prefect flows: the same work as the command line, as tasks. The only place with Prefect."""
