"""Training of the reader of numbers in words: written with the strokes of many fonts, no photo and no real hand."""
