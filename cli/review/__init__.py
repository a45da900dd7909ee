"""The review page: a person types what the paper says, cell by cell, without seeing what the program read.

``room`` holds the case, its desk (tally.review), people and workers. ``app`` is the web around it; ``pages``,
``entry``, ``custody``, ``people`` and ``uploads`` are its pages, each with a JSON twin and a place in ``openapi``.
"""
