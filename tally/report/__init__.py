"""The paper report of a bundle: PDF/A in Kazakh, Russian and English, the same bytes every time."""
