"""`convoscope export`: files of figures from the command line, drawn by the same page and the same scripts."""
