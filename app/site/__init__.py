"""The static site: gallery, lessons and embeds as plain files, with the figures that their controls ask for."""
