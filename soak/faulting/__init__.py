"""What breaks on purpose: each function here does one thing to a server, and tells what its clients saw."""
