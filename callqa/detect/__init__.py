"""Turns to detections: one detector a file, and the engine that runs them in order."""
