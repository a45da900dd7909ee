"""The review page: a person types what the paper says, cell by cell, without seeing what the program read.

``desk`` knows sheets and entries and nothing of the web; ``app`` is the web around it.
"""
