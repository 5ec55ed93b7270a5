"""The Python that Excel would start: xlwings' COM server, run by Wine until it is ended."""

import xlwings

xlwings.serve("{506e67c3-55b5-48c3-a035-eed5deea7d6d}")
