"""What is said in each language (messages, terms, numbers, dates), and what people type in it."""

LANGUAGES = ("en", "ja", "tr", "it", "de")
"""Codes of the languages that reports speak; each has a module of this name here. English is complete."""
