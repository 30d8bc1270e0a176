"""The words of the demo: who works there, what they use, what they ask for. Data only."""
