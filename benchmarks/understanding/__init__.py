"""How well what is found agrees with what people say is there: ``docs/evaluation.md``."""
