"""Frames in, a file out: GIF, WebP, MP4, PDF, PowerPoint and ZIP, each made while its frames arrive.

A browser draws the frames of a figure (`static/js/view/exporting.js`) and posts them; `upload.py` reads them one by
one, `job.py` hands them to an encoder in a thread, and `output.py` sends what it wrote. No frame is kept but in the
library that needs it, and the file has no name, so that nothing is left behind however an export ends.
"""
