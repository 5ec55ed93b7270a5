"""The Excel add-in: worksheet functions made from the metric definitions.

``excel_addin.functions`` is the module that xlwings imports (``UDF_MODULES = excel_addin.functions``), and
``excel_addin.vba`` writes the VBA module that gives Excel real error values. Nothing here knows a metric,
a formula or a cutoff: all of that comes from the definitions, and every answer from the core.
"""
