"""The sample calls read by a person against every criteria set, and a machine's results beside."""
