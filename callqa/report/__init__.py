"""Pages that stand alone: a call, all calls, an agent."""

from callqa.report.agent import agent_page
from callqa.report.call import call_page
from callqa.report.overview import overview_page
from callqa.report.write import SiteCounts, write_call, write_site

__all__ = [
    "SiteCounts",
    "agent_page",
    "call_page",
    "overview_page",
    "write_call",
    "write_site",
]
