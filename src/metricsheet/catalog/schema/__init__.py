"""The shape of definitions: its JSON Schema, and plain words for what does not fit it."""
