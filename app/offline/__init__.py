"""Figures without a server: computed beforehand, packed, and put into one file, a folder, or a site."""
