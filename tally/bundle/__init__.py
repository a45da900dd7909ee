"""The court bundle: everything that a case rests on, in one folder that a stranger can check without us."""
