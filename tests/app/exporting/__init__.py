"""`convoscope export`, as far as it needs no browser."""
