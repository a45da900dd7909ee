"""The court's half: plain data, checks, ledger, totals and reconciliation. Never hears of pixels."""
