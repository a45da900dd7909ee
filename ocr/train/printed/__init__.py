"""Training of the reader of printed labels: lines drawn with many fonts, no photo and no real sheet."""
