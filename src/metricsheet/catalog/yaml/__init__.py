"""Definition files as text into a tree with places: a strict reader that goes on after a mistake."""
