"""Synthetic protocols: seeded sheets, phone photos of them, and the truth about every cell.

No real precinct protocol of the disputes of 19 March 2023 is public. Everything rendered here says so on
its face: precinct numbers, members and the split over precincts are invented.
"""
