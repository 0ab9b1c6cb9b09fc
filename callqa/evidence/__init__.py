"""Pure: what a record must hold, and which calls need a human ear."""

from callqa.evidence.triage import flags
from callqa.evidence.verify import verify

__all__ = ["flags", "verify"]
