"""Training of the handwritten-number readers.

Not needed to read protocols. Start with ``python -m ocr.train --help``.
"""
