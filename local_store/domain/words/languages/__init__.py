"""The sentences of the floor in other languages, each loaded only where somebody wants it."""
