"""What is said in each language (messages, terms, numbers, dates), and what people type in it."""

LANGUAGES = ("en", "ja", "tr", "it", "de", "fr")
"""Codes of the languages that reports speak; each has a module of this name here. English is complete."""

IN_WORDS = f"{', '.join(LANGUAGES[:-1])} or {LANGUAGES[-1]}"
