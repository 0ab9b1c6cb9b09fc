"""Evidence packs for a portfolio: what was said, where to hear it, and room for a decision."""

from callqa.pack.build import PackSummary, build_pack

__all__ = ["PackSummary", "build_pack"]
