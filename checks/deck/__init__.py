"""The deck of `checks/reveal.py`: its page, where it is served, and how it is asked and steered."""
