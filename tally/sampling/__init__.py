"""Estimates from precincts that were drawn at random before the vote; anything else is refused."""
