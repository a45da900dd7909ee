"""Measurements of the reader: how often it is right, what a page costs. ``python -m benchmarks --help``."""
