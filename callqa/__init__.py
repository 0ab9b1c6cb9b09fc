"""callqa listens to recorded customer-service calls and turns each into evidence.

from callqa import analyse
record = analyse("call.wav")
print([(r.criterion, r.status) for r in record.results])
"""

from callqa.quiet import silence

silence()  # before anything that could phone home is imported

from callqa.pipeline import analyse  # noqa: E402
from callqa.records import CallRecord, Metadata  # noqa: E402

__version__ = "0.1.0"
__all__ = ["CallRecord", "Metadata", "__version__", "analyse"]
