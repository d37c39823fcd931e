"""Long loads, hostile inputs and faults: `python3 dev.py soak [name …]` runs each script here, on loopback alone."""
