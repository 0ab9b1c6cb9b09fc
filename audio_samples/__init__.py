"""Scripted sample calls: their scripts, their sound, and the generator that makes one of the other.

Every organisation, person, number and address in them is invented. ``docs/samples.md`` tells
what each call is for.
"""
