"""Two scripts that go into every bundle. They import nothing of hattama, and hattama imports only their checks."""
