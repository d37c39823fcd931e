"""The static site: the gallery, the lessons and the embeds as plain files, with the figures that their controls ask for."""
