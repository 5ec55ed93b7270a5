"""Three-valued rules over facts about metrics."""
