"""The definitions, and what they make of workbooks, for assistants that speak the Model Context Protocol."""
