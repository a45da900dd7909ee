"""Audit of a published table on its own: which of its numbers cannot all be correct, and what looks odd.

The data flows ``file_table | election_tables -> model.Table -> relations -> findings``; ``audit.audit``
joins them. Counts are ``int``, percentages ``Fraction``; floats appear in ``grid`` alone, for tails.
"""
