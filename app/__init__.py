"""The web application: HTTP, pages and assets around `compute`; no numerics."""

VERSION = "0.1.0"
