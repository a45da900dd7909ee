"""Review by people: who typed what blind, what follows from it, and what is to be done next.

``answers`` folds the ledger, ``settle`` says what two people and a third one make of a sheet, ``queue`` puts
first what can change an outcome or a finding, ``quality`` measures reviewers, ``desk`` writes every act down.
Nothing here knows of the web, of accounts or of pixels.

Whether an entry counts is decided when the ledger is folded, from who wrote it, never from what the program that
wrote it allowed: two tabs, a replayed request or a second program cannot make one person into two.
"""
