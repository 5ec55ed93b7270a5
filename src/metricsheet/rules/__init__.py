"""Three-valued rules over facts about metrics: what is wrong, since when, why, and what to do first."""
