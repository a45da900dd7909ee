"""Everything that a person touches: the command line, its tables and the review page."""
