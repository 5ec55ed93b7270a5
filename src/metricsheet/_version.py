"""The version of the package, where the build and every layer can read it."""

__version__ = "0.1.0"
